/// One primitive of the graph. Everything that runs is made of these.
///
/// Adding a case is five edits, and the compiler asks for each of them: this file (the case, its family and its label),
/// its output specs (`ShapeRules`), its gradient (`GradientRules`), and in each back end of the runtime what becomes of
/// it and, unless its family says that it needs none, a kernel.
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

    // Loops.
    /// `(initial carries, sequences [length, …], constants)` to `(final carries, outputs [length, …])`.
    indirect case scan(Scan)
}

extension Op {
    /// What kind of work an operation is. Code that asks only for that need not know a new case of `Op`.
    public enum Family: Hashable, Sendable {
        /// Has its value before the program runs, or from the caller.
        case leaf
        /// Only renames elements that are in memory already.
        case view
        /// Computes each element from the same elements of its operands.
        case elementwise(Elementwise)
        /// A loop of its own over the elements.
        case kernel
        /// A matrix product, convolution, pooling or normalization.
        case primitive
        /// Runs a graph of its own again and again.
        case loop
    }

    /// The element-wise operations.
    public enum Elementwise: Hashable, Sendable {
        case unary(UnaryOperation)
        case binary(BinaryOperation)
        case select
        case cast(DType)
    }

    public var family: Family {
        switch self {
        case .input, .variable, .hyperparameter, .fill, .literal: .leaf
        case .reshape, .stopGradient: .view
        case .unary(let operation): .elementwise(.unary(operation))
        case .binary(let operation): .elementwise(.binary(operation))
        case .select: .elementwise(.select)
        case .cast(let dtype): .elementwise(.cast(dtype))
        case .random, .broadcast, .transpose, .slice, .pad, .concatenate, .reduce, .argMax, .inTopK, .oneHot, .gather,
            .scatterAdd, .softmax, .logSoftmax:
            .kernel
        case .matmul, .convolution, .convolutionInputGradient, .convolutionKernelGradient, .pooling, .poolingGradient,
            .batchNormalization, .batchNormalizationGradient:
            .primitive
        case .scan: .loop
        }
    }

    /// Whether this is a view: see `Family`.
    public var isView: Bool { family == .view }

    /// A short name with the attributes that tell operations of one kind apart.
    public var label: String {
        switch self {
        case .input(let index): "input \(index)"
        case .variable(let id): "variable v\(id.index)"
        case .hyperparameter(let id): "hyperparameter h\(id.index)"
        case .fill(let value): "fill \(value)"
        case .literal: "literal"
        case .random(let distribution, let stream): "random \(distribution) #\(stream)"
        case .unary(let operation): operation.rawValue
        case .binary(let operation): operation.rawValue
        case .select: "select"
        case .cast(let dtype): "cast \(dtype.rawValue)"
        case .stopGradient: "stopGradient"
        case .broadcast: "broadcast"
        case .reshape: "reshape"
        case .transpose(let permutation): "transpose \(permutation)"
        case .slice(let starts, _): "slice \(starts)"
        case .pad(let before, let after): "pad \(before) \(after)"
        case .concatenate(let axis): "concatenate \(axis)"
        case .reduce(let operation, let axes): "reduce \(operation.rawValue) \(axes)"
        case .argMax: "argMax"
        case .inTopK(let k): "inTopK \(k)"
        case .oneHot(let depth): "oneHot \(depth)"
        case .gather: "gather"
        case .scatterAdd: "scatterAdd"
        case .matmul(let transposeA, let transposeB): "matmul\(transposeA ? " aT" : "")\(transposeB ? " bT" : "")"
        case .convolution: "convolution"
        case .convolutionInputGradient: "convolutionInputGradient"
        case .convolutionKernelGradient: "convolutionKernelGradient"
        case .pooling(let attributes): "pooling \(attributes.kind.rawValue)"
        case .poolingGradient(let attributes, _): "poolingGradient \(attributes.kind.rawValue)"
        case .batchNormalization: "batchNormalization"
        case .batchNormalizationGradient: "batchNormalizationGradient"
        case .softmax: "softmax"
        case .logSoftmax: "logSoftmax"
        case .scan(let scan): "scan \(scan.length)\(scan.isReversed ? " reversed" : "")"
        }
    }
}
