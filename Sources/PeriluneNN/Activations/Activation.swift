/// A function between layers: all of `keras.activations`, with Keras's default parameters.
public enum Activation: Hashable, Sendable {
    case celu(alpha: Float = 1)
    case elu(alpha: Float = 1)
    case exponential
    /// `x · Φ(x)` (Hendrycks and Gimpel 2016); `approximate` uses tanh instead of erf.
    case gelu(approximate: Bool = false)
    /// The first half of an axis times the sigmoid of its second half (Dauphin et al. 2016). Halves the axis.
    case glu(axis: Int = -1)
    case hardShrink(threshold: Float = 0.5)
    case hardSigmoid
    case hardSilu
    case hardTanh
    case leakyRelu(negativeSlope: Float = 0.2)
    case linear
    case logSigmoid
    case logSoftmax(axis: Int = -1)
    case mish
    case relu(negativeSlope: Float = 0, maxValue: Float? = nil, threshold: Float = 0)
    case relu6
    case selu
    case sigmoid
    case silu
    case softShrink(threshold: Float = 0.5)
    case softmax(axis: Int = -1)
    case softplus
    case softsign
    case sparsePlus
    case sparseSigmoid
    /// The Euclidean projection onto the simplex (Martins and Astudillo 2016), so that rows sum to 1; those of Keras
    /// 3.15 do not where more than one element is left. Compares all pairs along the axis: meant for modest extents.
    case sparsemax(axis: Int = -1)
    case squareplus(b: Float = 4)
    case tanh
    case tanhShrink
    /// `x` above `threshold`, `value` elsewhere.
    case threshold(threshold: Float, value: Float)

    /// `max(x, 0)`.
    public static var relu: Activation { .relu() }
    /// Exponentials along the last axis, scaled to a sum of 1.
    public static var softmax: Activation { .softmax() }
    public static var gelu: Activation { .gelu() }
    public static var elu: Activation { .elu() }
    public static var leakyRelu: Activation { .leakyRelu() }

    /// Keras's name in snake_case.
    public var name: String {
        switch self {
        case .celu: "celu"
        case .elu: "elu"
        case .exponential: "exponential"
        case .gelu: "gelu"
        case .glu: "glu"
        case .hardShrink: "hard_shrink"
        case .hardSigmoid: "hard_sigmoid"
        case .hardSilu: "hard_silu"
        case .hardTanh: "hard_tanh"
        case .leakyRelu: "leaky_relu"
        case .linear: "linear"
        case .logSigmoid: "log_sigmoid"
        case .logSoftmax: "log_softmax"
        case .mish: "mish"
        case .relu: "relu"
        case .relu6: "relu6"
        case .selu: "selu"
        case .sigmoid: "sigmoid"
        case .silu: "silu"
        case .softShrink: "soft_shrink"
        case .softmax: "softmax"
        case .softplus: "softplus"
        case .softsign: "softsign"
        case .sparsePlus: "sparse_plus"
        case .sparseSigmoid: "sparse_sigmoid"
        case .sparsemax: "sparsemax"
        case .squareplus: "squareplus"
        case .tanh: "tanh"
        case .tanhShrink: "tanh_shrink"
        case .threshold: "threshold"
        }
    }

    /// - Throws: `ModelError.invalidArgument` where a parameter is out of range.
    public func validate() throws {
        switch self {
        case .celu(let alpha):
            guard alpha != 0, alpha.isFinite else {
                throw ModelError(.invalidArgument, "alpha of celu must be a finite number other than 0, got \(alpha)")
            }
        case .elu(let alpha):
            try Argument.finiteNotNegative("alpha of elu", alpha)
        case .hardShrink(let threshold), .softShrink(let threshold):
            try Argument.finiteNotNegative("threshold of \(name)", threshold)
        case .relu(let slope, let maxValue, let threshold):
            try Argument.finiteNotNegative("negative_slope of relu", slope)
            try Argument.finiteNotNegative("threshold of relu", threshold)
            if let maxValue { try Argument.finiteNotNegative("max_value of relu", maxValue) }
        case .squareplus(let b):
            try Argument.finiteNotNegative("b of squareplus", b)
        case .leakyRelu(let slope):
            try Argument.finiteNotNegative("negative_slope of leaky_relu", slope)
        case .exponential, .gelu, .glu, .hardSigmoid, .hardSilu, .hardTanh, .linear, .logSigmoid, .logSoftmax, .mish,
            .relu6, .selu, .sigmoid, .silu, .softmax, .softplus, .softsign, .sparsePlus, .sparseSigmoid, .sparsemax,
            .tanh, .tanhShrink, .threshold:
            break
        }
    }

    /// Whether the result is the probabilities of classes that exclude each other, along the last axis.
    func isSoftmax(rank: Int) -> Bool {
        guard case .softmax(let axis) = self else { return false }
        return axis == -1 || axis == rank - 1
    }

    /// Whether the results are probabilities of one kind or another, so that a loss must not take them for logits.
    var givesProbabilities: Bool {
        switch self {
        case .softmax, .sigmoid, .hardSigmoid, .sparseSigmoid, .sparsemax: true
        default: false
        }
    }
}
