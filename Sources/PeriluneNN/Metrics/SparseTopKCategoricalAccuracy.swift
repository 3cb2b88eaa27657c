public import PeriluneGraph
public import PeriluneItems

/// The share of samples whose true class is among the `k` with the largest predictions; the truth numbers the class.
public struct SparseTopKCategoricalAccuracy: MeanMetric, Hashable, Sendable {
    public static let declaration = MetricDeclaration(
        "sparse_top_k_categorical_accuracy", SparseTopKCategoricalAccuracy(),
        positional: [
            .optional("k", \.k, .integer(atLeast: 1), "how many count as best")
        ],
        options: [.name(\.name)],
        help: "Whether the right class is among the k best."
    ) { try SparseTopKCategoricalAccuracy(k: $0[\.k], name: $0[\.name]) }

    public let name: String
    public let direction: MetricDirection? = .maximize
    public let needsProbabilities = false
    public let k: Int

    public init(k: Int = 5, name: String = "sparse_top_k_categorical_accuracy") {
        self.k = k
        self.name = name
    }

    public func perSample(_ yTrue: SymbolicTensor, _ yPred: SymbolicTensor) throws -> SymbolicTensor {
        try TopK.hits(labels: LabelShapes.sparse(yTrue, yPred, name), yPred, k, name)
    }
}
