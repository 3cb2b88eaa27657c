import PeriluneGraph
import PeriluneNN

/// Where each metric's numbers are within the statistics that a step gives.
struct StatisticsLayout {
    /// Loss first, then the metrics, as the logs name them.
    let quantities: [MonitoredQuantity]
    /// Means at the front: the loss, and with several outputs the loss of each.
    let lossCount: Int
    private let metrics: [any Metric]
    /// By metric, its place among those that keep examples; nil for the others.
    private let placesOfExamples: [Int?]

    /// The metrics that keep examples, which are no part of the statistics: their sizes there are 0.
    var examplesKept: [any Metric] { metrics.filter(\.keepsExamples) }

    /// - Parameter metrics: for each output, chosen for its loss.
    init(_ metrics: [[MeasuredMetric]], outputs: [String]) {
        let isPlural = metrics.count > 1
        var quantities = [MonitoredQuantity("loss", .minimize)]
        if isPlural { quantities += outputs.map { MonitoredQuantity($0 + "_loss", .minimize) } }
        lossCount = quantities.count
        for (output, list) in metrics.enumerated() {
            for measured in list {
                let name = measured.name(prefix: isPlural ? outputs[output] + "_" : "", among: quantities.map(\.name))
                quantities.append(MonitoredQuantity(name, measured.metric.direction))
            }
        }
        self.quantities = quantities
        self.metrics = metrics.flatMap { $0.map(\.metric) }
        var kept = 0
        placesOfExamples = self.metrics.map { metric in
            guard metric.keepsExamples else { return nil }
            kept += 1
            return kept - 1
        }
    }

    /// Of a quantity, its place among those that keep examples; nil for one of sums.
    func placeOfExamples(_ index: Int) -> Int? {
        guard index >= lossCount, index - lossCount < placesOfExamples.count else { return nil }
        return placesOfExamples[index - lossCount]
    }

    /// Takes the metrics' statistics of a batch into those of the batches before.
    func add(_ batch: [Double], to total: inout [Double], sizes: [Int]) {
        var start = lossCount
        for index in metrics.indices where index < sizes.count && start + sizes[index] <= total.count {
            metrics[index].add(batch, to: &total, at: start..<start + sizes[index])
            start += sizes[index]
        }
    }

    /// The value of the `index`-th quantity from statistics added up over `rows` rows.
    /// - Parameters:
    ///   - sizes: how many numbers each metric has, in order.
    ///   - shares: kept by the caller, so that reading allocates nothing.
    func value(
        _ index: Int, in sums: [Double], rows: Double, sizes: [Int], shares: inout [[Double]]
    ) -> Double {
        guard !sums.isEmpty, quantities.indices.contains(index) else { return .nan }
        if index < lossCount { return rows > 0 && index < sums.count ? sums[index] / rows : .nan }
        let place = index - lossCount
        var start = lossCount
        for earlier in 0..<place { start += sizes[earlier] }
        guard start + sizes[place] <= sums.count else { return .nan }
        while shares.count <= place { shares.append([Double](repeating: 0, count: sizes[shares.count])) }
        for offset in 0..<sizes[place] { shares[place][offset] = sums[start + offset] }
        return metrics[place].result(shares[place])
    }
}
