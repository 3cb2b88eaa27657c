public import PeriluneGraph
public import PeriluneItems

/// Adds normal noise in training (keras.layers.GaussianNoise). Nothing at inference.
///
/// Input and output [n, …].
public final class GaussianNoise: SingleInputLayer {
    public static let kind = "gaussian_noise"

    public static let declaration = LayerDeclaration(
        layer: kind, GaussianNoise(0),
        positional: [
            .required("stddev", \.standardDeviation, .number(.atLeast(0)), "the standard deviation")
        ],
        help: "Adds normal noise in training."
    ) { try GaussianNoise($0[\.standardDeviation]) }

    public let core: LayerCore
    public let standardDeviation: Float

    /// - Parameter standardDeviation: of the noise, 0 or more.
    public init(_ standardDeviation: Float, name: String? = nil) {
        core = LayerCore(name: name)
        self.standardDeviation = standardDeviation
    }

    public func validate() throws { try Argument.finiteNotNegative("stddev", standardDeviation) }

    public func call(_ x: SymbolicTensor, in context: LayerContext) throws -> SymbolicTensor {
        guard context.isTraining, standardDeviation > 0 else { return x }
        return try x + context.builder.random(.normal, x.shape) * standardDeviation
    }
}
