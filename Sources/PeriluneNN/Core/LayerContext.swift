public import PeriluneGraph

/// What a layer sees while it emits: the builder, its weights, and where its side effects go.
public struct LayerContext {
    /// The emission of the whole model, which collects what its layers add.
    public let emission: Emission
    /// The layers around this one, from the outermost in, and this one last.
    let owners: [any Layer]

    var layer: any Layer { owners[owners.count - 1] }

    public var builder: GraphBuilder { emission.builder }

    /// Whether this graph trains: dropout drops, and batch normalization uses the batch's statistics.
    public var isTraining: Bool { emission.isTraining }

    /// Whether this layer is not frozen.
    public var isTrainable: Bool { layer.isTrainable }

    /// The current value of the layer's weight of this name.
    public subscript(name: String) -> SymbolicTensor {
        get throws { try emission.tensor(of: weight(name)) }
    }

    /// Sets a weight of role `.state` at the end of each run. `next` is given the value it would have otherwise, which
    /// is not its current value where the layer is called twice in one graph.
    public func update(_ name: String, _ next: (SymbolicTensor) throws -> SymbolicTensor) throws {
        try emission.update(weight(name), next)
    }

    /// What a moving average of a state becomes with the value of a batch: `momentum · average + (1 − momentum) ·
    /// value`, or its share among all batches where statistics are taken anew.
    public func moved(_ average: SymbolicTensor, to value: SymbolicTensor, momentum: Float) throws -> SymbolicTensor {
        let value = try value.stoppingGradient()
        if let shares = emission.averaging { return try average * shares.kept + value * shares.added }
        return try average * momentum + value * (1 - momentum)
    }

    /// Adds a scalar to the model's loss.
    public func addLoss(_ loss: SymbolicTensor) { emission.penalties.append(loss) }

    /// Emits `layer`, which must be one of this layer's `sublayers`.
    public func call(_ layer: any Layer, _ inputs: [SymbolicTensor]) throws -> [SymbolicTensor] {
        try emission.call(layer, inputs, owners: owners)
    }

    /// The context of `layer`, which must be one of this layer's `sublayers`, for inputs of these specs: for layers
    /// that emit it in parts.
    func entering(_ layer: any Layer, _ inputs: [TensorSpec]) throws -> LayerContext {
        try emission.enter(layer, inputs, owners: owners)
    }

    /// Applies `activation` and remembers its operand, so that a loss can fuse with it.
    public func activate(_ x: SymbolicTensor, _ activation: Activation) throws -> SymbolicTensor {
        let y = try activation.apply(x)
        emission.remember(y, activation: activation, of: x)
        return y
    }

    private func weight(_ name: String) throws -> Weight {
        guard let weight = layer.weights.first(where: { $0.name == name }) else {
            throw ModelError.unknown("weight", name, among: layer.weights.map(\.name))
        }
        return weight
    }
}
