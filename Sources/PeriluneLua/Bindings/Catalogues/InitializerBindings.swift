internal import PeriluneItems
internal import PeriluneNN

/// `lune.initializers`: how weights begin.
enum InitializerBindings {
    typealias Box = LuaBox<any Initializer>

    static let binding = ClassBinding.box("initializer", Box.self, help: "How a weight begins.")
    static var catalogue: Catalogue<any Initializer> {
        Catalogue(kind: "initializer", names: InitializerCatalogue.names + InitializerCatalogue.aliases) {
            try InitializerCatalogue.named($0)
        }
    }

    static let functions: [Binding] = [
        make("zeros", help: "All zeros.") { _ in Zeros() },
        make("ones", help: "All ones.") { _ in Ones() },
        make(
            "constant", [.optional("value", .number, default: 0, "what every element is")],
            help: "One value everywhere."
        ) { Constant(try $0.float("value")) },
        make("identity", [gain], help: "The identity matrix times a factor.") { Identity(gain: try $0.float("gain")) },
        make("orthogonal", [gain], help: "A random orthogonal matrix times a factor.") {
            Orthogonal(gain: try $0.float("gain"))
        },
        make("random_normal", options: normal, help: "Random, normal.") {
            RandomNormal(mean: try $0.float("mean"), standardDeviation: try $0.float("stddev"))
        },
        make("truncated_normal", options: normal, help: "Random, normal, within two deviations of the mean.") {
            TruncatedNormal(mean: try $0.float("mean"), standardDeviation: try $0.float("stddev"))
        },
        make(
            "random_uniform",
            options: [
                .optional("minval", .number, default: -0.05, "the lower bound"),
                .optional("maxval", .number, default: 0.05, "the upper bound"),
            ], help: "Random, uniform."
        ) { RandomUniform(minimum: try $0.float("minval"), maximum: try $0.float("maxval")) },
        make(
            "variance_scaling",
            options: [
                .optional("scale", .number(.above(0)), default: 1, "the factor"),
                .optional(
                    "mode", .enumeration(VarianceScaling.Mode.allCases.map(\.rawValue)), default: "fan_in",
                    "what the variance is divided by"),
                .optional(
                    "distribution", .enumeration(VarianceScaling.Distribution.allCases.map(\.rawValue)),
                    default: "truncated_normal", "the distribution"),
            ], help: "Random, with a variance that suits the number of inputs or outputs."
        ) {
            VarianceScaling(
                scale: try $0.float("scale"), mode: .init(rawValue: try $0.string("mode")) ?? .fanIn,
                distribution: .init(rawValue: try $0.string("distribution")) ?? .truncatedNormal)
        },
        make("glorot_uniform", help: "Glorot and Bengio 2010, uniform: the default of kernels.") { _ in GlorotUniform()
        },
        make("glorot_normal", help: "Glorot and Bengio 2010, normal.") { _ in GlorotNormal() },
        make("he_uniform", help: "He et al. 2015, uniform: good with relu.") { _ in HeUniform() },
        make("he_normal", help: "He et al. 2015, normal: good with relu.") { _ in HeNormal() },
        make("lecun_uniform", help: "LeCun et al. 1998, uniform.") { _ in LecunUniform() },
        make("lecun_normal", help: "LeCun et al. 1998, normal: for selu.") { _ in LecunNormal() },
    ]

    private static let gain = Parameter.optional("gain", .number, default: 1, "the factor")
    private static let normal: [Parameter] = [
        .optional("mean", .number, default: 0, "the mean"),
        .optional("stddev", .number(.atLeast(0)), default: 0.05, "the standard deviation"),
    ]

    private static func make(
        _ name: String, _ positional: [Parameter] = [], options: [Parameter] = [], help: String,
        _ body: @escaping @Sendable (Arguments) throws -> any Initializer
    ) -> Binding {
        Binding(name, positional, options: options, result: .host("initializer"), help: help) { arguments in
            [.object(Box(try body(arguments), name))]
        }
    }
}

extension Arguments {
    /// A number as the layers hold it.
    func float(_ name: String) throws -> Float { Float(try number(name)) }

    func optionalFloat(_ name: String) throws -> Float? { try optionalNumber(name).map { Float($0) } }
}
