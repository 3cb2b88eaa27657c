import PeriluneGraph
import PeriluneNN
import PeriluneRuntime

/// What a pass over data has measured: the statistics of its last batch, and their sums over the epoch.
///
/// A value of its own, so that a batch takes its session's once and not number by number. Allocates nothing after the
/// first batch.
struct RunningStatistics {
    private let layout: StatisticsLayout
    private var last: [Double] = []
    private var sums: [Double] = []
    private var rows = 0.0
    /// What `sums` were before the last batch, and its rows.
    private var sumsBefore: [Double] = []
    private var lastRows = 0.0
    /// What each metric is asked with.
    private var shares: [[Double]] = []
    /// For the metrics that are no matter of sums.
    private let examples: [KeptExamples]

    /// - Parameter budget: what examples that are kept are counted against.
    init(_ layout: StatisticsLayout, budget: (any MemoryBudget)? = nil) {
        self.layout = layout
        examples = layout.examplesKept.map { KeptExamples($0, budget: budget) }
    }

    /// Takes up a batch.
    /// - Parameters:
    ///   - values: means of the losses, then the statistics of the metrics.
    ///   - count: its rows.
    ///   - sizes: how many numbers each metric has, in order.
    mutating func add(_ values: UnsafeBufferPointer<Float>, rows count: Double, sizes: [Int]) {
        if last.count != values.count {
            last = [Double](repeating: 0, count: values.count)
            sums = last
            // Sums of another form, which a checkpoint had, go with their rows.
            rows = 0
        }
        if sumsBefore.count != sums.count { sumsBefore = sums }
        for index in values.indices {
            last[index] = Double(values[index])
            sumsBefore[index] = sums[index]
            if index < layout.lossCount { sums[index] += last[index] * count }
        }
        layout.add(last, to: &sums, sizes: sizes)
        rows += count
        lastRows = count
    }

    /// Takes up the examples of a batch, for the `index`-th metric that keeps them.
    /// - Throws: where there are too many.
    mutating func keep(_ batch: UnsafeBufferPointer<Float>, _ index: Int) throws { try examples[index].add(batch) }

    /// How many metrics keep examples.
    var keptCount: Int { examples.count }

    /// Begins an epoch.
    mutating func reset() {
        rows = 0
        for index in sums.indices { sums[index] = 0 }
        for index in examples.indices { examples[index].reset() }
    }

    /// Leaves the last batch out of the sums.
    mutating func forgetLast() {
        guard sumsBefore.count == sums.count else { return }
        for index in sums.indices { sums[index] = sumsBefore[index] }
        rows -= lastRows
        lastRows = 0
        for index in examples.indices { examples[index].forgetLast() }
    }
}

// Reading. `sizes` says how many numbers each metric has, in order.
extension RunningStatistics {
    /// The value of a quantity for the last batch.
    mutating func batchValue(_ index: Int, sizes: [Int]) -> Double {
        if let place = layout.placeOfExamples(index) { return examples[place].batchValue }
        return layout.value(index, in: last, rows: 1, sizes: sizes, shares: &shares)
    }

    /// The value of a quantity for the epoch so far.
    mutating func runningValue(_ index: Int, sizes: [Int]) -> Double {
        if let place = layout.placeOfExamples(index) { return examples[place].value }
        return layout.value(index, in: sums, rows: rows, sizes: sizes, shares: &shares)
    }

    /// Writes the first `count` quantities: first as they are for the last batch, then for the epoch so far, or most of
    /// it (`KeptExamples.recentValue`).
    mutating func write(_ count: Int, sizes: [Int], to values: inout [Double]) {
        for index in 0..<count {
            values[index] = batchValue(index, sizes: sizes)
            values[count + index] =
                layout.placeOfExamples(index).map { examples[$0].recentValue } ?? runningValue(index, sizes: sizes)
        }
    }
}

// As a checkpoint within an epoch keeps them.
extension RunningStatistics {
    var state: [String: StateValue] {
        let sums: [String: StateValue] = ["rows": .number(rows), "sums": .init(sums)]
        return examples.isEmpty ? sums : sums.merging(["examples": .list(examples.map(\.state))]) { $1 }
    }

    mutating func restore(_ state: StateValue) {
        rows = state["rows"]?.number ?? 0
        sums = state["sums"]?.numbers ?? []
        last = [Double](repeating: 0, count: sums.count)
        let kept = state["examples"]?.list ?? []
        for (index, examples) in examples.enumerated() {
            _ = examples.restore(kept.indices.contains(index) ? kept[index] : nil)
        }
    }
}
