public import PeriluneGraph

/// The share of predictions on the right side of `threshold`.
public struct BinaryAccuracy: MeanMetric, Hashable, Sendable {
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

/// The share of samples whose largest prediction is at the largest of the one-hot truth.
public struct CategoricalAccuracy: MeanMetric, Hashable, Sendable {
    public let name: String
    public let direction: MetricDirection? = .maximize
    public let needsProbabilities = false

    public init(name: String = "categorical_accuracy") { self.name = name }

    public func perSample(_ yTrue: SymbolicTensor, _ yPred: SymbolicTensor) throws -> SymbolicTensor {
        let (y, p) = try LabelShapes.matched(yTrue, yPred, name)
        return try LabelShapes.perSample(p.argMax().combined(.equal, y.argMax()))
    }
}

/// The share of samples whose largest prediction is at the class that the truth numbers.
public struct SparseCategoricalAccuracy: MeanMetric, Hashable, Sendable {
    public let name: String
    public let direction: MetricDirection? = .maximize
    public let needsProbabilities = false

    public init(name: String = "sparse_categorical_accuracy") { self.name = name }

    public func perSample(_ yTrue: SymbolicTensor, _ yPred: SymbolicTensor) throws -> SymbolicTensor {
        let labels = try LabelShapes.sparse(yTrue, yPred, name)
        return try LabelShapes.perSample(yPred.argMax().combined(.equal, labels))
    }
}
