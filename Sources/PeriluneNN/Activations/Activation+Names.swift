import PeriluneItems

extension Activation {
    /// The names by which `named` knows an activation, Keras's aliases included.
    public static let names = [
        "celu", "elu", "exponential", "gelu", "glu", "hard_shrink", "hard_sigmoid", "hard_silu", "hard_swish",
        "hard_tanh", "leaky_relu", "linear", "log_sigmoid", "log_softmax", "mish", "relu", "relu6", "selu", "sigmoid",
        "silu", "soft_shrink", "softmax", "softplus", "softsign", "sparse_plus", "sparse_sigmoid", "sparsemax",
        "squareplus", "swish", "tanh", "tanh_shrink", "threshold",
    ]

    /// The activation of this name, with parameters by Keras's names (`negative_slope`, `alpha`, `axis`, …) where they
    /// are not to be the defaults. Booleans are 0 or 1.
    /// - Throws: `ModelError` where the name or a parameter is unknown, with the nearest one.
    public static func named(_ name: String, _ parameters: [String: Float] = [:]) throws -> Activation {
        let key = ItemName.normalized(name)
        var values = NamedParameters("activation '\(key)'", parameters)
        guard let activation = try make(key, &values) else {
            throw ModelError.unknown("activation", name, among: names)
        }
        try values.finish()
        try activation.validate()
        return activation
    }

    private static func make(_ key: String, _ values: inout NamedParameters) throws -> Activation? {
        switch key {
        case "celu": .celu(alpha: values["alpha"] ?? 1)
        case "elu": .elu(alpha: values["alpha"] ?? 1)
        case "exponential": .exponential
        case "gelu": .gelu(approximate: (values["approximate"] ?? 0) != 0)
        case "glu": .glu(axis: try values.integer("axis") ?? -1)
        case "hard_shrink": .hardShrink(threshold: values["threshold"] ?? 0.5)
        case "hard_sigmoid": .hardSigmoid
        case "hard_silu", "hard_swish": .hardSilu
        case "hard_tanh": .hardTanh
        case "leaky_relu": .leakyRelu(negativeSlope: values["negative_slope"] ?? 0.2)
        case "linear": .linear
        case "log_sigmoid": .logSigmoid
        case "log_softmax": .logSoftmax(axis: try values.integer("axis") ?? -1)
        case "mish": .mish
        case "relu":
            .relu(
                negativeSlope: values["negative_slope"] ?? 0, maxValue: values["max_value"],
                threshold: values["threshold"] ?? 0)
        case "relu6": .relu6
        case "selu": .selu
        case "sigmoid": .sigmoid
        case "silu", "swish": .silu
        case "soft_shrink": .softShrink(threshold: values["threshold"] ?? 0.5)
        case "softmax": .softmax(axis: try values.integer("axis") ?? -1)
        case "softplus": .softplus
        case "softsign": .softsign
        case "sparse_plus": .sparsePlus
        case "sparse_sigmoid": .sparseSigmoid
        case "sparsemax": .sparsemax(axis: try values.integer("axis") ?? -1)
        case "squareplus": .squareplus(b: values["b"] ?? 4)
        case "tanh": .tanh
        case "tanh_shrink": .tanhShrink
        case "threshold":
            .threshold(threshold: try values.required("threshold"), value: try values.required("default_value"))
        default: nil
        }
    }
}
