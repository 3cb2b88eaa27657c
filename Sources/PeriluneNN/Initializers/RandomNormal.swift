import PeriluneGraph
public import PeriluneItems

/// Normal with `mean` and `standardDeviation`.
public struct RandomNormal: NormalInitializer, Hashable, Sendable {
    public static let name = "random_normal"

    public static let declaration = InitializerDeclaration.normal(
        name, aliases: ["normal"], RandomNormal(), help: "Random, normal.")

    public let mean: Float
    public let standardDeviation: Float

    public init(mean: Float = 0, standardDeviation: Float = 0.05) {
        self.mean = mean
        self.standardDeviation = standardDeviation
    }

    func draw(_ count: Int, _ philox: Philox) -> [Float] {
        RandomNumbers.normal(count, mean: mean, deviation: standardDeviation, philox)
    }
}
