/// One primitive of the graph. Everything that runs is made of these.
///
/// Adding a case is four edits, and the compiler asks for each of them: this enum, its output specs (`ShapeRules`), its
/// gradient (`GradientRules`), and its lowering to a kernel in the runtime.
public enum Op: Hashable, Sendable {
    // Leaves.
    /// A tensor that the caller hands over for each run (a batch), by position.
    case input(Int)
    /// The current value of a parameter, optimizer slot or other state.
    case variable(VariableID)
    /// A float32 scalar that the caller may change from run to run without recompiling.
    case hyperparameter(HyperparameterID)
    /// A float32 tensor whose elements all have one value.
    case fill(Float)
    /// A tensor known when the graph is built.
    case literal(Tensor)
    /// Fresh random numbers: the same for the same seed, run counter and `stream`.
    case random(RandomDistribution, stream: UInt32)

    // Element by element.
    case unary(UnaryOperation)
    case binary(BinaryOperation)
    /// `(mask, a, b)`: a where the mask is not 0, b elsewhere.
    case select
    case cast(DType)
    /// The operand, through which no gradient flows.
    case stopGradient

    // Rearranging.
    /// NumPy's broadcasting to a larger shape.
    case broadcast(Shape)
    case reshape(Shape)
    /// Axis `i` of the result is axis `permutation[i]` of the operand.
    case transpose([Int])
    /// The box that starts at `starts` and has the given extents.
    case slice(starts: [Int], extents: [Int])
    /// Zeros around the operand, `before[i]` and `after[i]` along axis i.
    case pad(before: [Int], after: [Int])
    case concatenate(axis: Int)

    // Reducing and selecting.
    /// Combines the elements along `axes`, which disappear.
    case reduce(ReduceOperation, axes: [Int])
    /// The index of the largest element along the last axis (the first of equals), as int32.
    case argMax
    /// `(predictions [n, classes], labels [n])`: 1 where fewer than k classes score above the label's, else 0.
    case inTopK(Int)
    /// int32 labels to float32 rows with a single 1; labels outside of 0..<depth give a row of zeros.
    case oneHot(depth: Int)
    /// `(table [rows, …], indices)`: the rows at the indices.
    case gather
    /// `(indices, updates)`: zeros of `rows` rows to which each update is added at its index.
    case scatterAdd(rows: Int)

    // Linear algebra and neural primitives.
    /// A product of matrices in the last two axes; earlier axes are batches and must be equal.
    case matmul(transposeA: Bool, transposeB: Bool)
    /// `(x [n, …spatial, in], kernel [...window, in / groups, out])`, channels last.
    case convolution(ConvolutionAttributes)
    /// `(dy, kernel)` to the gradient of an input of the given shape.
    case convolutionInputGradient(ConvolutionAttributes, input: Shape)
    /// `(x, dy)` to the gradient of a kernel of the given shape.
    case convolutionKernelGradient(ConvolutionAttributes, kernel: Shape)
    /// `(x [n, …spatial, channels])` to `(y, workspace)`; the workspace serves the gradient of max pooling alone.
    case pooling(PoolingAttributes)
    /// `(dy, workspace)` to the gradient of an input of the given shape.
    case poolingGradient(PoolingAttributes, input: Shape)
    /// `(x [n, …, channels], gamma, beta)` to `(y, mean, variance)` with the statistics of this batch, biased variance.
    case batchNormalization(epsilon: Float)
    /// `(x, mean, variance, gamma, dy)` to `(dx, dgamma, dbeta)`.
    case batchNormalizationGradient(epsilon: Float)
    /// Along the last axis.
    case softmax
    /// Along the last axis.
    case logSoftmax
}

/// Names a parameter, optimizer slot or other state within one variable table.
public struct VariableID: Hashable, Sendable, Comparable {
    public let index: Int

    public init(index: Int) { self.index = index }

    public static func < (a: VariableID, b: VariableID) -> Bool { a.index < b.index }
}

/// Names a run-time scalar of a program, by position.
public struct HyperparameterID: Hashable, Sendable {
    public let index: Int

    public init(index: Int) { self.index = index }
}
