public import PeriluneGraph

/// The layers of a model and what each of them takes, for tools that draw it.
///
/// A path names an input or a layer of the model, or one within a submodel: `encoder/dense`. It never names a submodel:
/// what takes a submodel's output takes that of the layer which makes it.
public struct ModelOutline {
    public let name: String
    /// Whether the model is a stack, and not one of a graph of its own.
    public let isSequential: Bool
    /// Names that no layer of the model has; the specs are without the batch axis, nil where they are not known yet.
    public let inputs: [(name: String, spec: TensorSpec?)]
    /// Each layer once, in the order of the first calls.
    public private(set) var nodes: [Node] = []
    /// The paths of what makes the outputs.
    public private(set) var outputs: [String] = []
    private var indices: [ObjectIdentifier: Int] = [:]

    public struct Node {
        public let layer: any Layer
        /// What is within the layer, where it is a model.
        public let inside: ModelOutline?
        /// For each call of the layer the paths of what it takes.
        public fileprivate(set) var calls: [[String]] = []
    }
}

extension ModelOutline {
    init(_ model: Model, inputs specs: [TensorSpec?], isSequential: Bool) {
        name = model.name
        self.isSequential = isSequential
        var taken = Set(model.layers.map(\.name))
        inputs = zip(model.inputNames, specs).map { name, spec in
            var name = name
            while !taken.insert(name).inserted { name += "_" }
            return (name, spec)
        }
    }

    /// Adds a call of `layer`.
    /// - Returns: the paths of what makes its outputs; a layer that is no model makes all of its own.
    mutating func call(_ layer: any Layer, _ sources: [String]) -> [String] {
        let index = indices[ObjectIdentifier(layer)] ?? nodes.count
        if index == nodes.count {
            indices[ObjectIdentifier(layer)] = index
            nodes.append(Node(layer: layer, inside: (layer as? Model)?.outline))
        }
        nodes[index].calls.append(sources)
        return nodes[index].inside?.outputs.map { "\(layer.name)/\($0)" } ?? [layer.name]
    }

    mutating func end(with outputs: [String]) { self.outputs = outputs }
}

extension ModelPlan {
    /// The plan as `outline` of the model that has it, which has only its inputs so far.
    func outline(_ outline: ModelOutline) -> ModelOutline {
        var outline = outline
        var made: [ObjectIdentifier: [String]] = [:]
        for (tensor, input) in zip(inputs, outline.inputs) { made[ObjectIdentifier(tensor)] = [input.name] }
        func source(_ tensor: ModelTensor) -> String {
            let paths = made[tensor.producer.map { ObjectIdentifier($0.call) } ?? ObjectIdentifier(tensor)] ?? []
            let output = tensor.producer?.output ?? 0
            return paths.indices.contains(output) ? paths[output] : paths.last ?? ""
        }
        for call in calls {
            made[ObjectIdentifier(call)] = outline.call(call.layer, call.inputs.map(source))
        }
        outline.end(with: outputs.map(source))
        return outline
    }
}
