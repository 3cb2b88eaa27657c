public import PeriluneGraph
import PeriluneItems

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

/// A decision metric whose rule users choose: precision and recall.
protocol ChosenDecisionMetric: DecisionMetric {
    init(threshold: Float?, topK: Int?, classID: Int?, name: String)
}

extension ItemDeclaration where Product == any Metric {
    /// The declaration of a metric whose rule users choose.
    static func decision<Item: ChosenDecisionMetric & SendableMetatype>(
        _ name: String, _ start: @escaping @autoclosure @Sendable () -> Item, help: String
    ) -> Self {
        MetricDeclaration(
            name, start(),
            options: [
                .optional(
                    "thresholds", \.rule.threshold, .number(.within(0...1)), aliases: ["threshold"],
                    "outputs above it are positive"),
                .optional("top_k", \.rule.topK, .integer(atLeast: 1), "the k largest outputs are positive"),
                .optional("class_id", \.rule.classID, .integer(atLeast: 0), "count this class alone, from 0"),
                .name(\.name),
            ],
            help: help
        ) {
            try Item(
                threshold: $0[\.rule.threshold], topK: $0[\.rule.topK], classID: $0[\.rule.classID],
                name: $0[\.name])
        }
    }
}
