public import PeriluneGraph
import PeriluneItems

/// The mean of a loss over the samples, as a metric: `mean_absolute_error`, `binary_crossentropy`, …
public struct LossMetric: MeanMetric {
    public let name: String
    public let direction: MetricDirection? = .minimize
    public let loss: any Loss

    public init(_ loss: any Loss, name: String? = nil) {
        self.loss = loss
        self.name = name ?? loss.name
    }

    public func perSample(_ yTrue: SymbolicTensor, _ yPred: SymbolicTensor) throws -> SymbolicTensor {
        try loss.validate()
        return try loss.perSample(yTrue, Prediction(yPred))
    }
}

extension LossMetric {
    /// The metrics that are losses: one for each loss that has no metric of its own.
    static let declarations: [MetricDeclaration] = LossCatalogue.declarations.filter {
        // As a metric its sign is the other one, see `CosineSimilarityMetric`.
        $0.name != CosineSimilarity.declaration.name
    }.map(declaration)

    private static func declaration(of loss: LossDeclaration) -> MetricDeclaration {
        // Keras has longer names for the metric of this one alone.
        let others = loss.name == LogCosh.declaration.name ? ["log_cosh_error", "logcosh_error"] : []
        return MetricDeclaration(
            loss.name, aliases: loss.aliases + others, LossMetric(try onProbabilities(loss)),
            options: [.name(\.name)], help: "The loss of this name, averaged.",
            isDescribed: { $0.loss.name == loss.name }
        ) { LossMetric(try onProbabilities(loss), name: try $0[\.name]) }
    }

    /// The loss with default options. Metrics are handed probabilities, whatever the model ends in.
    private static func onProbabilities(_ loss: LossDeclaration) throws -> any Loss {
        let takesLogits = loss.parameters.contains { $0.name == "from_logits" }
        return try loss.make(takesLogits ? ["from_logits": .value(.boolean(false))] : [:])
    }
}
