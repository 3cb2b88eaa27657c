public import PeriluneGraph

/// One pass of a model's layers into a graph.
public final class Emission {
    public let builder: GraphBuilder
    public let isTraining: Bool
    /// Whether weights met for the first time are numbered, as they are while a model is built.
    private let isBuilding: Bool
    private(set) var table: VariableTable
    /// The model whose pass this is. Its own name is not part of paths.
    private let root: (any Layer)?
    private var states: [VariableID: SymbolicTensor] = [:]
    /// Scalars to be added to the loss.
    var penalties: [SymbolicTensor] = []
    private var operands: [Value: (activation: Activation, operand: SymbolicTensor)] = [:]
    /// Set where statistics are taken anew from all batches.
    var averaging: StatisticsShares?
    /// Told of what each layer gives, with the layer's path.
    var observer: ((_ path: String, _ outputs: [SymbolicTensor]) -> Void)?

    /// A pass with the weights of `table`.
    init(of root: any Layer, into builder: GraphBuilder, table: VariableTable, isTraining: Bool) {
        (self.builder, self.table, self.isTraining, self.isBuilding) = (builder, table, isTraining, false)
        self.root = root
    }

    /// A pass into a graph of its own, to learn weights and shapes.
    init(building root: (any Layer)? = nil) {
        (builder, table, isTraining, isBuilding) = (GraphBuilder(), VariableTable(), true, true)
        self.root = root
    }

    /// The names from the outermost layer to the innermost, without the root's.
    private func path(_ owners: [any Layer]) -> String {
        owners.drop { $0 === root }.map(\.name).joined(separator: "/")
    }

    /// New values of the states that layers update, in order of their numbers.
    var updates: [(variable: VariableID, value: SymbolicTensor)] {
        states.sorted { $0.key < $1.key }.map { (variable: $0.key, value: $0.value) }
    }

    func tensor(of weight: Weight) throws -> SymbolicTensor {
        guard let variable = table[weight] else {
            throw ModelError(.notBuilt, "weight '\(weight.name)' is not in the model's table: build the model again")
        }
        return builder.variable(variable.id, variable.spec)
    }

    func update(_ weight: Weight, _ next: (SymbolicTensor) throws -> SymbolicTensor) throws {
        let current = try tensor(of: weight)
        guard let variable = table[weight], variable.role == .state else {
            throw ModelError(.invalidArgument, "weight '\(weight.name)' is a parameter: only the optimizer changes it")
        }
        let value = try next(states[variable.id] ?? current)
        guard value.spec == variable.spec else {
            throw ModelError(
                .shapeMismatch, "the new value of '\(weight.name)' is \(value.spec), its shape is \(variable.spec)")
        }
        states[variable.id] = value
    }

    func remember(_ y: SymbolicTensor, activation: Activation, of x: SymbolicTensor) {
        operands[y.value] = (activation, x)
    }

    /// `tensor` with the activation that made it, if one did.
    func prediction(_ tensor: SymbolicTensor) -> Prediction {
        if let made = operands[tensor.value] ?? builder.activation(of: tensor) {
            return Prediction(tensor, activation: made.activation, logits: made.operand)
        }
        // What only moves elements leaves probabilities what they are, though a loss cannot fuse through it.
        var source = tensor
        while let operand = builder.rearranged(source) {
            source = operand
            let activation = operands[source.value]?.activation ?? builder.activation(of: source)?.activation
            if let activation { return Prediction(tensor, activation: activation) }
        }
        return Prediction(tensor)
    }

    /// Builds `layer` where it is not yet, and gives the context in which a layer around it may emit it, or a part.
    /// - Throws: `ModelError` where the inputs do not fit.
    func enter(_ layer: any Layer, _ inputs: [TensorSpec], owners: [any Layer]) throws -> LayerContext {
        guard !owners.contains(where: { $0 === layer }) else {
            throw ModelError(.invalidArgument, "is within itself")
        }
        let context = LayerContext(emission: self, owners: owners + [layer])
        try layer.prepare(for: inputs)
        if isBuilding {
            for weight in layer.weights {
                table.add(weight, path: "\(path(context.owners))/\(weight.name)", owners: context.owners)
            }
        }
        return context
    }

    /// Builds `layer` where it is not yet, checks the inputs where it is, and emits it.
    func call(_ layer: any Layer, _ inputs: [SymbolicTensor], owners: [any Layer]) throws -> [SymbolicTensor] {
        let context = LayerContext(emission: self, owners: owners + [layer])
        return try locatingErrors(in: context, inputs) {
            let context = try enter(layer, inputs.map(\.spec), owners: owners)
            let place = path(context.owners)
            let outputs = try builder.within(place.isEmpty ? builder.origin : place) {
                try layer.call(inputs, in: context)
            }
            try check(outputs, of: layer, inputs)
            if layer.core.outputs == nil { layer.core.outputs = outputs.map(\.spec.withoutBatch) }
            if let observer, layer !== root { observer(path(context.owners), outputs) }
            if let regularizer = layer.core.activityRegularizer {
                for output in outputs {
                    penalties.append(try regularizer.penalty(output) / Float(max(output.shape[0], 1)))
                }
            }
            return outputs
        }
    }

    private func check(_ outputs: [SymbolicTensor], of layer: any Layer, _ inputs: [SymbolicTensor]) throws {
        for output in outputs {
            guard output.rank >= 1, inputs.allSatisfy({ $0.rank >= 1 && $0.shape[0] == output.shape[0] }) else {
                throw ModelError(.shapeMismatch, "must keep the batch as the first axis, gave shape \(output.shape)")
            }
            guard output.shape.elementCount <= Shape.largestElementCount else {
                throw ModelError(.shapeMismatch, "its output of shape \(output.shape) is too large")
            }
        }
    }

    private func locatingErrors<Result>(
        in context: LayerContext, _ inputs: [SymbolicTensor], _ body: () throws -> Result
    ) throws -> Result {
        let path = path(context.owners)
        let layer = context.layer
        let place = layer.core.name == nil ? "" : " '\(path.isEmpty ? layer.name : path)'"
        let prefix = "layer\(place) (\(type(of: layer).kind))"
        do {
            return try body()
        } catch let error as GraphError {
            let shapes = inputs.map(\.shape.description).joined(separator: ", ")
            let message = "\(prefix): \(error.message) (input shape \(shapes))"
            throw ModelError(ModelError.Code(error.code), message, layerPath: path)
        } catch let error as ModelError where error.layerPath == nil {
            throw ModelError(error.code, "\(prefix): \(error.message)", layerPath: path)
        }
    }
}
