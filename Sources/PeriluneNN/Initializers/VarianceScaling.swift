public import PeriluneGraph
public import PeriluneItems

/// Scales the variance of random weights to the number of a layer's inputs or outputs.
///
/// The variance is `scale / n`, where n is fan-in, fan-out or their mean. Of a kernel [...window, in, out] the window's
/// extent times `in` is the fan-in, times `out` the fan-out (keras.initializers.VarianceScaling).
public struct VarianceScaling: Initializer, Hashable, Sendable {
    public static let name = "variance_scaling"

    public static let declaration = InitializerDeclaration(
        name, VarianceScaling(),
        options: [
            .optional("scale", \.scale, .number(.above(0)), "the factor"),
            .optional("mode", \.mode, .choice(), "what the variance is divided by"),
            .optional("distribution", \.distribution, .choice(), "the distribution"),
        ],
        help: "Random, with a variance that suits the number of inputs or outputs."
    ) { try VarianceScaling(scale: $0[\.scale], mode: $0[\.mode], distribution: $0[\.distribution]) }

    public enum Mode: String, Hashable, Sendable, CaseIterable {
        case fanIn = "fan_in"
        case fanOut = "fan_out"
        case fanAverage = "fan_avg"
    }

    public enum Distribution: String, Hashable, Sendable, CaseIterable {
        case truncatedNormal = "truncated_normal"
        case untruncatedNormal = "untruncated_normal"
        case uniform
    }

    public let scale: Float
    public let mode: Mode
    public let distribution: Distribution

    public init(scale: Float = 1, mode: Mode = .fanIn, distribution: Distribution = .truncatedNormal) {
        self.scale = scale
        self.mode = mode
        self.distribution = distribution
    }

    /// - Throws: `ModelError` where `scale` is not above 0.
    public func makeTensor(shape: Shape, seed: UInt64, stream: UInt64) throws -> Tensor {
        try Argument.finitePositive("scale of initializer 'variance_scaling'", scale)
        let (fanIn, fanOut) = VarianceScaling.fans(shape)
        let fan: Float =
            switch mode {
            case .fanIn: fanIn
            case .fanOut: fanOut
            case .fanAverage: (fanIn + fanOut) / 2
            }
        let variance = scale / max(1, fan)
        let philox = Philox(seed: seed, stream: stream)
        let count = shape.elementCount
        let values =
            switch distribution {
            case .truncatedNormal:
                // The constant is the deviation of a standard normal truncated to two deviations.
                RandomNumbers.truncatedNormal(
                    count, mean: 0, deviation: variance.squareRoot() / 0.879_625_66, philox)
            case .untruncatedNormal:
                RandomNumbers.normal(count, mean: 0, deviation: variance.squareRoot(), philox)
            case .uniform:
                RandomNumbers.uniform(count, -(3 * variance).squareRoot(), (3 * variance).squareRoot(), philox)
            }
        return Tensor(values, shape: shape)
    }

    static func fans(_ shape: Shape) -> (fanIn: Float, fanOut: Float) {
        switch shape.rank {
        case 0: return (1, 1)
        case 1: return (Float(shape[0]), Float(shape[0]))
        default:
            let window = Float(Shape(Array(shape.dimensions.dropLast(2))).elementCount)
            return (window * Float(shape[-2]), window * Float(shape[-1]))
        }
    }
}
