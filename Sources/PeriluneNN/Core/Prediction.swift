public import PeriluneGraph

/// An output of a model, and what is known about how it was made.
public struct Prediction {
    /// What the model predicts: [n, …].
    public let tensor: SymbolicTensor
    /// The activation that ends the last layer, or nil where something else does.
    public let activation: Activation?
    /// What `activation` was applied to.
    public let logits: SymbolicTensor?

    public init(_ tensor: SymbolicTensor, activation: Activation? = nil, logits: SymbolicTensor? = nil) {
        self.tensor = tensor
        self.activation = activation
        self.logits = logits
    }
}
