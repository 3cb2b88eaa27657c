public import PeriluneGraph
public import PeriluneItems

/// The share of predictions on the right side of `threshold`.
public struct BinaryAccuracy: MeanMetric, Hashable, Sendable {
    public static let declaration = MetricDeclaration(
        "binary_accuracy", BinaryAccuracy(),
        options: [
            .optional("threshold", \.threshold, .number(.within(0...1)), "outputs above it are positive"),
            .name(\.name),
        ],
        help: "The share of outputs on the right side of a threshold."
    ) { try BinaryAccuracy(threshold: $0[\.threshold], name: $0[\.name]) }

    public let name: String
    public let direction: MetricDirection? = .maximize
    public let threshold: Float

    public init(threshold: Float = 0.5, name: String = "binary_accuracy") {
        self.threshold = threshold
        self.name = name
    }

    public func perSample(_ yTrue: SymbolicTensor, _ yPred: SymbolicTensor) throws -> SymbolicTensor {
        try Argument.within("threshold of \(name)", threshold, 0...1)
        let (y, p) = try LabelShapes.matched(yTrue, yPred, name)
        return try LabelShapes.perSample(p.combined(.greater, threshold).combined(.equal, y))
    }
}
