// Linear algebra and neural primitives.
extension SymbolicTensor {
    /// The matrix product in the last two axes. Earlier axes are batches and must be equal; where `other` is a matrix,
    /// the rows of all batches of this tensor are multiplied with it.
    public func matmul(
        _ other: SymbolicTensor, transposeA: Bool = false, transposeB: Bool = false
    ) throws -> SymbolicTensor {
        guard rank > 2, other.rank == 2, !transposeA else {
            return try builder.emit(.matmul(transposeA: transposeA, transposeB: transposeB), [self, other])[0]
        }
        let rows = shape.dimensions.dropLast().reduce(1, *)
        let product = try reshaped(to: [rows, shape[-1]]).matmul(other, transposeB: transposeB)
        return try product.reshaped(to: shape.replacing(axis: -1, with: product.shape[-1]))
    }

    /// Convolution of this tensor [n, …spatial, in] with `kernel` [...window, in / groups, out].
    public func convolution(_ kernel: SymbolicTensor, _ attributes: ConvolutionAttributes) throws -> SymbolicTensor {
        try builder.emit(.convolution(attributes), [self, kernel])[0]
    }

    /// The gradient of a convolution's input, which is a transposed convolution of this tensor.
    public func transposedConvolution(
        _ kernel: SymbolicTensor, _ attributes: ConvolutionAttributes, output: Shape
    ) throws -> SymbolicTensor {
        try builder.emit(.convolutionInputGradient(attributes, input: output), [self, kernel])[0]
    }

    /// Pooling over the spatial axes of this tensor [n, …spatial, channels].
    public func pooled(_ attributes: PoolingAttributes) throws -> SymbolicTensor {
        try builder.emit(.pooling(attributes), [self])[0]
    }

    /// Normalization by the statistics of this batch, over all axes but the last (Ioffe and Szegedy 2015).
    /// - Returns: the normalized tensor, and the mean and biased variance of each channel.
    public func batchNormalized(
        gamma: SymbolicTensor, beta: SymbolicTensor, epsilon: Float
    ) throws -> (y: SymbolicTensor, mean: SymbolicTensor, variance: SymbolicTensor) {
        let outputs = try builder.emit(.batchNormalization(epsilon: epsilon), [self, gamma, beta])
        return (outputs[0], outputs[1], outputs[2])
    }

    /// Exponentials along the last axis, scaled to a sum of 1.
    public func softmax() throws -> SymbolicTensor { try builder.emit(.softmax, [self])[0] }

    /// The logarithm of `softmax()`, without underflow.
    public func logSoftmax() throws -> SymbolicTensor { try builder.emit(.logSoftmax, [self])[0] }
}
