public import PeriluneGraph

/// The share of samples whose true class is among the `k` with the largest predictions; the truth is one-hot.
public struct TopKCategoricalAccuracy: MeanMetric, Hashable, Sendable {
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

/// The share of samples whose true class is among the `k` with the largest predictions; the truth numbers the class.
public struct SparseTopKCategoricalAccuracy: MeanMetric, Hashable, Sendable {
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

enum TopK {
    /// The share of hits of each sample, [n].
    static func hits(
        labels: SymbolicTensor, _ yPred: SymbolicTensor, _ k: Int, _ name: String
    ) throws -> SymbolicTensor {
        try Argument.positive("k of \(name)", k)
        guard yPred.rank >= 2 else {
            throw ModelError(
                .shapeMismatch, "\(name): y_pred needs an axis of classes after the batch, got shape \(yPred.shape)")
        }
        let rows = labels.shape.elementCount
        let flat = try yPred.reshaped(to: [rows, yPred.shape[-1]])
        let hits = try flat.inTopK(k, labels: labels.reshaped(to: [rows]))
        return try LabelShapes.perSample(hits.reshaped(to: labels.shape))
    }

    /// 1 where fewer than `k` elements of the last axis are larger, 0 elsewhere. Compares all pairs.
    static func mask(_ x: SymbolicTensor, _ k: Int) throws -> SymbolicTensor {
        let larger = try x.expandingAxis(-2).combined(.greater, x.expandingAxis(-1)).sum([-1])
        return try larger.combined(.less, Float(k))
    }
}
