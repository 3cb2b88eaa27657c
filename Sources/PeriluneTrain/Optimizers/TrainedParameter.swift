public import PeriluneGraph

/// What a rule knows of a parameter besides its values, to treat matrices, say, in another way than the rest.
public struct TrainedParameter: Hashable, Sendable {
    /// The path by which checkpoints know it: `encoder/dense/kernel`.
    public let path: String
    /// The names of the layers that hold it, from the outermost in.
    public let layers: [String]
    public let shape: Shape

    public init(path: String, layers: [String], shape: Shape) {
        self.path = path
        self.layers = layers
        self.shape = shape
    }
}
