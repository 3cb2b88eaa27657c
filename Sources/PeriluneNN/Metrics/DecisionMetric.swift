public import PeriluneGraph

/// True and false positives and negatives, weighted.
public struct ConfusionCounts: Hashable, Sendable {
    public let truePositives: Double
    public let falsePositives: Double
    public let trueNegatives: Double
    public let falseNegatives: Double

    /// Reads what `DecisionRule` counts; all 0 where nothing was counted.
    init(_ sums: [Double]) {
        let sums = sums.count == 4 ? sums : [0, 0, 0, 0]
        (truePositives, falsePositives, trueNegatives, falseNegatives) = (sums[0], sums[1], sums[2], sums[3])
    }
}

/// A metric of the counts of right and wrong decisions: precision, recall and the counts themselves.
public protocol DecisionMetric: Metric {
    /// How predictions become decisions.
    var rule: DecisionRule { get }

    func result(_ counts: ConfusionCounts) -> Double
}

extension DecisionMetric {
    public func statistics(
        _ yTrue: SymbolicTensor, _ yPred: SymbolicTensor, sampleWeight: SymbolicTensor?
    ) throws -> SymbolicTensor {
        try rule.counts(yTrue, yPred, sampleWeight, name)
    }

    public func result(_ sums: [Double]) -> Double { result(ConfusionCounts(sums)) }
}
