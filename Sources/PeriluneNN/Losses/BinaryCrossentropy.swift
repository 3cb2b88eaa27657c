public import PeriluneGraph
public import PeriluneItems

/// The mean of `-(y_true · log(p) + (1 - y_true) · log(1 - p))` (keras.losses.BinaryCrossentropy). Each output is a
/// question of its own; the truth is 0, 1 or a probability.
public struct BinaryCrossentropy: Loss, Hashable, Sendable {
    public static let declaration = LossDeclaration(
        "binary_crossentropy", aliases: ["bce"], BinaryCrossentropy(),
        options: [
            .optional(
                "from_logits", \.fromLogits, .boolean, shown: "what the model ends in says",
                "whether predictions are logits and not probabilities"),
            .optional(
                "label_smoothing", \.labelSmoothing, .number(.within(0...1)),
                "how much of a label is spread over all classes"),
        ],
        help: "For labels of 0 and 1, one for each output."
    ) { try BinaryCrossentropy(fromLogits: $0[\.fromLogits], labelSmoothing: $0[\.labelSmoothing]) }

    public var name: String { Self.declaration.name }
    public let fromLogits: Bool?
    public let labelSmoothing: Float

    /// - Parameters:
    ///   - fromLogits: whether predictions are logits. Where nil, an output that ends in sigmoid is fused with it, one
    ///     that ends in another activation of probabilities is taken as it is, and all others are logits.
    ///   - labelSmoothing: how far the truth is moved towards 0.5, 0 to 1.
    public init(fromLogits: Bool? = nil, labelSmoothing: Float = 0) {
        self.fromLogits = fromLogits
        self.labelSmoothing = labelSmoothing
    }

    public var labels: LabelKind? { .binary }

    public func validate() throws { try Argument.within("label_smoothing", labelSmoothing, 0...1) }

    public var truthRange: ClosedRange<Float>? { 0...1 }

    public func perSample(_ yTrue: SymbolicTensor, _ yPred: Prediction) throws -> SymbolicTensor {
        var (y, p) = try LabelShapes.matched(yTrue, yPred.tensor, name)
        if labelSmoothing > 0 { y = try y * (1 - labelSmoothing) + 0.5 * labelSmoothing }
        switch CrossEntropyInput(yPred, fromLogits: fromLogits, fuses: { $0 == .sigmoid }) {
        case .logits(let logits):
            // -log(sigmoid(x)) is softplus(-x). One softplus a side keeps small losses exact and the gradient at 0
            // right.
            let x = try logits.reshaped(to: p.shape)
            return try LabelShapes.perSample(y * (-x).softplus() + (1 - y) * x.softplus())
        case .probabilities:
            p = try p.clipped(LabelShapes.epsilon, 1 - LabelShapes.epsilon)
            return try LabelShapes.perSample(-(y * p.log() + (1 - y) * (1 - p).log()))
        }
    }

    public func predictionForMetrics(_ yPred: Prediction) throws -> SymbolicTensor {
        try CrossEntropyInput.probabilities(yPred, fromLogits: fromLogits) { try $0.sigmoid() }
    }
}
