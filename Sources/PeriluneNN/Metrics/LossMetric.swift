public import PeriluneGraph

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
    /// The metric of the loss of this name, on probabilities where it is a cross-entropy.
    init?(named key: String, name: String) {
        let loss: (any Loss)? =
            switch key {
            // Metrics are handed probabilities, whatever the model ends in.
            case "binary_crossentropy": BinaryCrossentropy(fromLogits: false)
            case "categorical_crossentropy": CategoricalCrossentropy(fromLogits: false)
            case "sparse_categorical_crossentropy": SparseCategoricalCrossentropy(fromLogits: false)
            // As a metric its sign is the other one, see `CosineSimilarityMetric`; Keras has no metric of Huber's name.
            case "cosine_similarity": nil
            default: LossCatalogue.make(key)
            }
        guard let loss else { return nil }
        self.init(loss, name: name)
    }
}
