public import PeriluneGraph
public import PeriluneItems

/// `-Σ y_true · log(p)` over the classes in the last axis (keras.losses.CategoricalCrossentropy). The truth is one-hot
/// or probabilities, [n, …, classes].
public struct CategoricalCrossentropy: Loss, Hashable, Sendable {
    public static let declaration = LossDeclaration(
        "categorical_crossentropy", CategoricalCrossentropy(),
        options: [
            .optional(
                "from_logits", \.fromLogits, .boolean, shown: "what the model ends in says",
                "whether predictions are logits and not probabilities"),
            .optional(
                "label_smoothing", \.labelSmoothing, .number(.within(0...1)),
                "how much of a label is spread over all classes"),
        ],
        help: "For one-hot rows."
    ) { try CategoricalCrossentropy(fromLogits: $0[\.fromLogits], labelSmoothing: $0[\.labelSmoothing]) }

    public var name: String { Self.declaration.name }
    public let fromLogits: Bool?
    public let labelSmoothing: Float

    /// - Parameters:
    ///   - fromLogits: whether predictions are logits. Where nil, an output that ends in softmax is fused with it, one
    ///     that ends in another activation of probabilities is taken as it is, and all others are logits.
    ///   - labelSmoothing: the share of the truth that is spread evenly over all classes, 0 to 1.
    public init(fromLogits: Bool? = nil, labelSmoothing: Float = 0) {
        self.fromLogits = fromLogits
        self.labelSmoothing = labelSmoothing
    }

    public var labels: LabelKind? { .categorical }

    public func validate() throws { try Argument.within("label_smoothing", labelSmoothing, 0...1) }

    public func perSample(_ yTrue: SymbolicTensor, _ yPred: Prediction) throws -> SymbolicTensor {
        try CrossEntropyInput.requireClasses(yPred.tensor, name)
        var (y, _) = try LabelShapes.matched(yTrue, yPred.tensor, name)
        if labelSmoothing > 0 { y = try y * (1 - labelSmoothing) + labelSmoothing / Float(max(y.shape[-1], 1)) }
        let input = CrossEntropyInput(yPred, fromLogits: fromLogits) { $0.isSoftmax(rank: yPred.tensor.rank) }
        return try LabelShapes.perSample(-(y * input.logProbabilities()).sum([-1]))
    }

    public func predictionForMetrics(_ yPred: Prediction) throws -> SymbolicTensor {
        try CrossEntropyInput.probabilities(yPred, fromLogits: fromLogits) { try $0.softmax() }
    }
}
