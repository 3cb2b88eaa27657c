import PeriluneGraph
import PeriluneItems

/// An initializer of a mean and a deviation: what `RandomNormal` and `TruncatedNormal` share.
protocol NormalInitializer: Initializer {
    var mean: Float { get }
    var standardDeviation: Float { get }

    init(mean: Float, standardDeviation: Float)

    /// So many numbers.
    func draw(_ count: Int, _ philox: Philox) -> [Float]
}

extension NormalInitializer {
    /// - Throws: `ModelError` where the deviation is negative or not finite.
    public func makeTensor(shape: Shape, seed: UInt64, stream: UInt64) throws -> Tensor {
        try Argument.finiteNotNegative("stddev of initializer '\(Self.name)'", standardDeviation)
        return Tensor(draw(shape.elementCount, Philox(seed: seed, stream: stream)), shape: shape)
    }
}

extension ItemDeclaration where Product == any Initializer {
    static func normal<Item: NormalInitializer & SendableMetatype>(
        _ name: String, aliases: [String] = [], _ start: @escaping @autoclosure @Sendable () -> Item, help: String
    ) -> Self {
        InitializerDeclaration(
            name, aliases: aliases, start(),
            options: [
                .optional("mean", \.mean, .number(), "the mean"),
                .optional("stddev", \.standardDeviation, .number(.atLeast(0)), "the standard deviation"),
            ],
            help: help
        ) { try Item(mean: $0[\.mean], standardDeviation: $0[\.standardDeviation]) }
    }
}
