public import PeriluneGraph

/// A trainable network: layers between inputs and outputs. A model is a layer, so models nest.
///
/// `Model(inputs:outputs:)` takes the tensors of a functional model; `Sequential` is a stack. A model emits graphs and
/// holds no values: the trainer keeps a tensor for each of its `variables`.
public class Model: Layer {
    public class var kind: String { "functional" }

    public let core: LayerCore
    /// The weights, once the model is built; empty before.
    public private(set) var variables = VariableTable()
    /// The specs of the inputs without the batch axis; nil before the model is built.
    public private(set) var inputSpecs: [TensorSpec]?
    /// The specs of the outputs without the batch axis; nil before the model is built.
    public private(set) var outputSpecs: [TensorSpec]?
    /// The activation that ends each output, nil where something else does; empty before the model is built.
    public private(set) var outputActivations: [Activation?] = []

    private let plan: ModelPlan?

    /// A functional model.
    /// - Throws: `ModelError` where an output does not depend on the inputs alone, or two layers have one name.
    public init(inputs: [ModelTensor], outputs: [ModelTensor], name: String? = nil) throws {
        core = LayerCore(name: name)
        let plan = try ModelPlan(inputs: inputs, outputs: outputs)
        self.plan = plan
        core.extent = LayerExtent(calling: plan.calls.lazy.map(\.layer))
        try core.extent.check()
        for layer in plan.layers { layer.core.owner = core }
        LayerNames.assign(plan.layers)
        try build(inputs: inputs.map(\.spec))
    }

    /// A model whose layers and calls a subclass knows.
    init(core: LayerCore) {
        self.core = core
        plan = nil
    }

    /// The layers in the order in which they are called, without those within submodels.
    public var layers: [any Layer] { plan?.layers ?? [] }

    public var sublayers: [any Layer] { layers }

    /// The names of the inputs, `input`, `input_1`, … where none was given.
    public var inputNames: [String] {
        let given = plan?.inputs.map(\.name) ?? [nil]
        return given.enumerated().map { $1 ?? ($0 == 0 ? "input" : "input_\($0)") }
    }

    /// The names of the outputs: those of the layers that make them.
    public var outputNames: [String] {
        plan?.outputs.map { $0.producer?.call.layer.name ?? $0.name ?? "input" } ?? [layers.last?.name ?? "output"]
    }

    /// The layers and what each of them takes.
    public var outline: ModelOutline {
        let start = ModelOutline(self, inputs: plan?.inputs.map(\.spec) ?? [nil], isSequential: false)
        return plan?.outline(start) ?? start
    }

    public func declareWeights(for inputs: [TensorSpec]) throws -> [WeightDeclaration] { [] }

    public func call(_ inputs: [SymbolicTensor], in context: LayerContext) throws -> [SymbolicTensor] {
        guard let plan else { throw ModelError(.unsupported, "a model of this kind says itself how it is called") }
        return try plan.call(inputs, in: context)
    }

    public func validate() throws {
        try core.extent.check()
        try LayerNames.check(layers)
    }
}

extension Model {
    public var isBuilt: Bool { inputSpecs != nil }

    /// The layer of this name.
    /// - Throws: `ModelError.unknownName` with the nearest name.
    public func layer(named name: String) throws -> any Layer {
        guard let layer = layers.first(where: { $0.name == name }) else {
            throw ModelError.unknown("layer", name, among: layers.map(\.name))
        }
        return layer
    }

    /// Makes the weights for inputs of these shapes, without the batch axis.
    /// - Throws: `ModelError` where a layer does not fit its input.
    public func build(inputShapes: [Shape]) throws { try build(inputs: inputShapes.map { TensorSpec($0) }) }

    /// Makes the weights for inputs of these specs, without the batch axis. Layers that have weights keep them.
    /// - Throws: `ModelError` where a layer does not fit its input.
    public func build(inputs: [TensorSpec]) throws {
        for input in inputs where !input.shape.isValid {
            throw ModelError(.invalidArgument, "input: shape \(input.shape) is not one of whole numbers from 1")
        }
        try validate()
        let emission = Emission(building: self)
        let symbols = inputs.enumerated().map { emission.builder.input($0.offset, $0.element.withProbeBatch) }
        let outputs = try ModelError.namingProbeBatch { try emission.call(self, symbols, owners: []) }
        variables = emission.table
        inputSpecs = inputs
        outputSpecs = outputs.map(\.spec.withoutBatch)
        outputActivations = outputs.map { emission.prediction($0).activation }
    }

    /// Emits the model on `inputs`, whose first axis is the batch.
    ///
    /// Builds the model where it is not built yet. The weights are `builder.variable(id, spec)` of `variables`, so the
    /// caller may ask for gradients with respect to them.
    /// - Parameters:
    ///   - averaging: what statistics that layers keep are made with, where they are taken anew.
    ///   - observer: told of what each layer gives, with the layer's path, in the order of the calls.
    /// - Throws: `ModelError` where the inputs do not fit.
    public func emit(
        into builder: GraphBuilder, _ inputs: [SymbolicTensor], isTraining: Bool, averaging: StatisticsShares? = nil,
        observer: ((_ path: String, _ outputs: [SymbolicTensor]) -> Void)? = nil
    ) throws -> ModelEmission {
        for input in inputs where input.rank == 0 {
            throw ModelError(.shapeMismatch, "the first axis of an input is the batch, got a scalar")
        }
        if !isBuilt { try build(inputs: inputs.map(\.spec.withoutBatch)) }
        let emission = Emission(of: self, into: builder, table: variables, isTraining: isTraining)
        emission.averaging = averaging
        emission.observer = observer
        let outputs = try emission.call(self, inputs, owners: [])
        for variable in variables.trainable {
            guard let regularizer = variable.regularizer else { continue }
            emission.penalties.append(try regularizer.penalty(builder.variable(variable.id, variable.spec)))
        }
        return ModelEmission(
            outputs: outputs.map(emission.prediction), penalties: emission.penalties, updates: emission.updates)
    }

    /// Whether this output ends in softmax or sigmoid, so that a classification loss fuses with it.
    public var outputActivation: Activation? { outputActivations.first ?? nil }
}

/// What a model adds to a graph.
public struct ModelEmission {
    /// One for each output of the model.
    public let outputs: [Prediction]
    /// Scalars that are added to the loss: weight and activity regularization.
    public let penalties: [SymbolicTensor]
    /// New values of the layers' states (moving averages), for `GraphBuilder.addUpdate`. Empty where not training.
    public let updates: [(variable: VariableID, value: SymbolicTensor)]

    /// The sum of `penalties`, nil where there are none.
    public var penalty: SymbolicTensor? {
        get throws {
            guard let first = penalties.first else { return nil }
            return try penalties.dropFirst().reduce(first) { try $0 + $1 }
        }
    }
}
