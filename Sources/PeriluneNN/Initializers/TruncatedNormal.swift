import PeriluneGraph
public import PeriluneItems

/// Normal with `mean` and `standardDeviation`; what is further than two deviations from the mean is drawn again.
public struct TruncatedNormal: NormalInitializer, Hashable, Sendable {
    public static let name = "truncated_normal"

    public static let declaration = InitializerDeclaration.normal(
        name, TruncatedNormal(), help: "Random, normal, within two deviations of the mean.")

    public let mean: Float
    public let standardDeviation: Float

    public init(mean: Float = 0, standardDeviation: Float = 0.05) {
        self.mean = mean
        self.standardDeviation = standardDeviation
    }

    func draw(_ count: Int, _ philox: Philox) -> [Float] {
        RandomNumbers.truncatedNormal(count, mean: mean, deviation: standardDeviation, philox)
    }
}
