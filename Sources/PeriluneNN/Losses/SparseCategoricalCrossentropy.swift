public import PeriluneGraph
public import PeriluneItems

/// `-log(p[label])`, with class numbers from 0 as the truth (keras.losses.SparseCategoricalCrossentropy).
///
/// Truth [n, …] or [n, …, 1], prediction [n, …, classes].
public struct SparseCategoricalCrossentropy: Loss, Hashable, Sendable {
    public static let declaration = LossDeclaration(
        "sparse_categorical_crossentropy", SparseCategoricalCrossentropy(),
        options: [
            .optional(
                "from_logits", \.fromLogits, .boolean, shown: "what the model ends in says",
                "whether predictions are logits and not probabilities")
        ],
        help: "For class numbers from 0."
    ) { try SparseCategoricalCrossentropy(fromLogits: $0[\.fromLogits]) }

    public var name: String { Self.declaration.name }
    public let fromLogits: Bool?

    /// - Parameter fromLogits: whether predictions are logits. Where nil, an output that ends in softmax is fused with
    ///   it, one that ends in another activation of probabilities is taken as it is, and all others are logits.
    public init(fromLogits: Bool? = nil) { self.fromLogits = fromLogits }

    public var labels: LabelKind? { .sparse }

    public func perSample(_ yTrue: SymbolicTensor, _ yPred: Prediction) throws -> SymbolicTensor {
        try CrossEntropyInput.requireClasses(yPred.tensor, name)
        let labels = try LabelShapes.sparse(yTrue, yPred.tensor, name)
        let input = CrossEntropyInput(yPred, fromLogits: fromLogits) { $0.isSoftmax(rank: yPred.tensor.rank) }
        let rows = try labels.oneHot(depth: yPred.tensor.shape[-1])
        return try LabelShapes.perSample(-(rows * input.logProbabilities()).sum([-1]))
    }

    public func predictionForMetrics(_ yPred: Prediction) throws -> SymbolicTensor {
        try CrossEntropyInput.probabilities(yPred, fromLogits: fromLogits) { try $0.softmax() }
    }
}
