public import PeriluneGraph

/// An output of a model, and what is known about how it was made.
public struct Prediction {
    /// What the model predicts: [n, …].
    public let tensor: SymbolicTensor
    /// The activation that ends the last layer, or nil where something else does.
    public let activation: Activation?
    /// What `activation` was applied to; nil where the elements were rearranged since.
    public let logits: SymbolicTensor?

    public init(_ tensor: SymbolicTensor, activation: Activation? = nil, logits: SymbolicTensor? = nil) {
        self.tensor = tensor
        self.activation = activation
        self.logits = logits
    }
}

// How a tensor was made, by the graph alone: for layers that write softmax or sigmoid themselves.
extension GraphBuilder {
    func activation(of tensor: SymbolicTensor) -> (activation: Activation, operand: SymbolicTensor)? {
        let node = graph[tensor.value.node]
        guard let operand = node.inputs.first else { return nil }
        if node.op == .softmax { return (.softmax, SymbolicTensor(operand, in: self)) }
        return node.op == .unary(.sigmoid) ? (.sigmoid, SymbolicTensor(operand, in: self)) : nil
    }

    /// The operand of an operation that only moves elements; nil for all others.
    func rearranged(_ tensor: SymbolicTensor) -> SymbolicTensor? {
        let node = graph[tensor.value.node]
        let operand = node.inputs.first.map { SymbolicTensor($0, in: self) }
        if case .reshape = node.op { return operand }
        if case .transpose = node.op { return operand }
        if case .slice = node.op { return operand }
        return nil
    }
}
