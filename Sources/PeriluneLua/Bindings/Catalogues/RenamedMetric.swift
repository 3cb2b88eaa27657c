internal import PeriluneGraph
internal import PeriluneNN

/// A metric under another key in the logs.
struct RenamedMetric: Metric {
    let name: String
    private let metric: any Metric

    init(_ metric: any Metric, name: String) {
        self.metric = metric
        self.name = name
    }

    var direction: MetricDirection? { metric.direction }
    var needsProbabilities: Bool { metric.needsProbabilities }

    func resolved(loss: (any Loss)?, yTrue: TensorSpec, yPred: TensorSpec) throws -> any Metric {
        RenamedMetric(try metric.resolved(loss: loss, yTrue: yTrue, yPred: yPred), name: name)
    }

    func statistics(
        _ yTrue: SymbolicTensor, _ yPred: SymbolicTensor, sampleWeight: SymbolicTensor?
    ) throws -> SymbolicTensor {
        try metric.statistics(yTrue, yPred, sampleWeight: sampleWeight)
    }

    func result(_ sums: [Double]) -> Double { metric.result(sums) }
}
