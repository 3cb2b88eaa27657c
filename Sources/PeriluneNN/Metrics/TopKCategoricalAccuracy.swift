public import PeriluneGraph
public import PeriluneItems

/// The share of samples whose true class is among the `k` with the largest predictions; the truth is one-hot.
public struct TopKCategoricalAccuracy: MeanMetric, Hashable, Sendable {
    public static let declaration = MetricDeclaration(
        "top_k_categorical_accuracy", TopKCategoricalAccuracy(),
        positional: [
            .optional("k", \.k, .integer(atLeast: 1), "how many count as best")
        ],
        options: [.name(\.name)],
        help: "Whether the right class is among the k best; one-hot."
    ) { try TopKCategoricalAccuracy(k: $0[\.k], name: $0[\.name]) }

    public let name: String
    public let direction: MetricDirection? = .maximize
    public let needsProbabilities = false
    public let k: Int

    public init(k: Int = 5, name: String = "top_k_categorical_accuracy") {
        self.k = k
        self.name = name
    }

    public func perSample(_ yTrue: SymbolicTensor, _ yPred: SymbolicTensor) throws -> SymbolicTensor {
        let (y, p) = try LabelShapes.matched(yTrue, yPred, name)
        return try TopK.hits(labels: y.argMax(), p, k, name)
    }
}
