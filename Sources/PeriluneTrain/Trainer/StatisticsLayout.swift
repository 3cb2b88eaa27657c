import PeriluneGraph
import PeriluneNN

/// Where each metric's numbers are within the statistics that a step gives.
struct StatisticsLayout {
    private struct Entry {
        let quantity: MonitoredQuantity
        let metric: (any Metric)?
    }

    /// Means at the front: the loss, and with several outputs the loss of each.
    let lossCount: Int
    private let entries: [Entry]

    /// - Parameter metrics: for each output, chosen for its loss.
    init(_ metrics: [[any Metric]], outputs: [String]) {
        let isPlural = metrics.count > 1
        var entries = [Entry(quantity: MonitoredQuantity("loss", .min), metric: nil)]
        if isPlural {
            entries += outputs.indices.map {
                Entry(quantity: MonitoredQuantity(outputs[$0] + "_loss", .min), metric: nil)
            }
        }
        lossCount = entries.count
        for (output, list) in metrics.enumerated() {
            for metric in list {
                let name = isPlural ? "\(outputs[output])_\(metric.name)" : metric.name
                entries.append(
                    Entry(
                        quantity: MonitoredQuantity(name, Direction(metric.direction)), metric: metric))
            }
        }
        self.entries = entries
    }

    /// Loss first, then the metrics, as the logs name them.
    var quantities: [MonitoredQuantity] { entries.map(\.quantity) }

    /// The value of the `index`-th quantity from statistics added up over `rows` rows.
    /// - Parameters:
    ///   - sizes: how many numbers each metric has, in order.
    ///   - shares: kept by the caller, so that reading allocates nothing.
    func value(
        _ index: Int, in sums: [Double], rows: Double, sizes: [Int], shares: inout [[Double]]
    ) -> Double {
        guard !sums.isEmpty, entries.indices.contains(index) else { return .nan }
        guard let metric = entries[index].metric else { return rows > 0 ? sums[index] / rows : .nan }
        let place = index - lossCount
        var start = lossCount
        for earlier in 0..<place { start += sizes[earlier] }
        guard start + sizes[place] <= sums.count else { return .nan }
        while shares.count <= place { shares.append([Double](repeating: 0, count: sizes[shares.count])) }
        for offset in 0..<sizes[place] { shares[place][offset] = sums[start + offset] }
        return metric.result(shares[place])
    }
}

extension Direction {
    init?(_ direction: MetricDirection?) {
        switch direction {
        case .maximize: self = .max
        case .minimize: self = .min
        case nil: return nil
        }
    }
}
