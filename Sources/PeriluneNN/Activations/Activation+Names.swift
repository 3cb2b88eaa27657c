import PeriluneItems

extension Activation {
    /// One of each, with default parameters: what a name stands for. `threshold` has none, and takes no default.
    static let all: [Activation] = [
        .celu(), .elu(), .exponential, .gelu(), .glu(), .hardShrink(), .hardSigmoid, .hardSilu, .hardTanh, .leakyRelu(),
        .linear, .logSigmoid, .logSoftmax(), .mish, .relu(), .relu6, .selu, .sigmoid, .silu, .softShrink(), .softmax(),
        .softplus, .softsign, .sparsePlus, .sparseSigmoid, .sparsemax(), .squareplus(), .tanh, .tanhShrink,
        .threshold(threshold: 0, value: 0),
    ]

    /// Keras's other names.
    private static let aliases = ["hard_swish": "hard_silu", "swish": "silu"]

    /// The names by which `named` knows an activation, Keras's aliases included.
    public static let names = (all.map(\.name) + aliases.keys).sorted()

    /// The activation of this name, with parameters by Keras's names (`negative_slope`, `alpha`, `axis`, …) where they
    /// are not to be the defaults. Booleans are 0 or 1.
    /// - Throws: `ModelError` where the name or a parameter is unknown, with the nearest one.
    public static func named(_ name: String, _ parameters: [String: Float] = [:]) throws -> Activation {
        let key = ItemName.normalized(name)
        guard let usual = all.first(where: { $0.name == aliases[key] ?? key }) else {
            throw ModelError.unknown("activation", name, among: names)
        }
        var values = NamedParameters("activation '\(key)'", parameters)
        let activation = try usual.taking(&values)
        try values.finish()
        try activation.validate()
        return activation
    }

    /// The same with the values that are given in place of its own.
    private func taking(_ values: inout NamedParameters) throws -> Activation {
        switch self {
        case .celu(let alpha): .celu(alpha: values["alpha"] ?? alpha)
        case .elu(let alpha): .elu(alpha: values["alpha"] ?? alpha)
        case .gelu(let approximate): .gelu(approximate: values["approximate"].map { $0 != 0 } ?? approximate)
        case .glu(let axis): .glu(axis: try values.integer("axis") ?? axis)
        case .hardShrink(let threshold): .hardShrink(threshold: values["threshold"] ?? threshold)
        case .leakyRelu(let slope): .leakyRelu(negativeSlope: values["negative_slope"] ?? slope)
        case .logSoftmax(let axis): .logSoftmax(axis: try values.integer("axis") ?? axis)
        case .relu(let slope, let maxValue, let threshold):
            .relu(
                negativeSlope: values["negative_slope"] ?? slope, maxValue: values["max_value"] ?? maxValue,
                threshold: values["threshold"] ?? threshold)
        case .softShrink(let threshold): .softShrink(threshold: values["threshold"] ?? threshold)
        case .softmax(let axis): .softmax(axis: try values.integer("axis") ?? axis)
        case .sparsemax(let axis): .sparsemax(axis: try values.integer("axis") ?? axis)
        case .squareplus(let b): .squareplus(b: values["b"] ?? b)
        case .threshold:
            .threshold(threshold: try values.required("threshold"), value: try values.required("default_value"))
        case .exponential, .hardSigmoid, .hardSilu, .hardTanh, .linear, .logSigmoid, .mish, .relu6, .selu, .sigmoid,
            .silu, .softplus, .softsign, .sparsePlus, .sparseSigmoid, .tanh, .tanhShrink:
            self
        }
    }
}
