import PeriluneGraph
import PeriluneNN
import PeriluneRuntime

/// The examples of a pass over data, for a metric whose value is a matter of them all.
///
/// Their memory, and what sorting them takes, is counted against the budget of the run. An object, so that it is given
/// back with the pass.
final class KeptExamples {
    private let metric: any Metric
    private let budget: (any MemoryBudget)?
    private let most: Int
    /// Three of each example, in the order of the batches.
    private var numbers: [Float] = []
    /// How many there were before the last batch.
    private var countBefore = 0
    /// How many of them the logs of batches judge.
    private var judged = 0
    /// The value of the first so many numbers.
    private var known: (count: Int, value: Double)?
    private var bytesTaken = 0

    /// What an example costs while it is kept, and while all are sorted.
    private static let byteCount = 40
    /// From so many examples on, logs of batches are an eighth behind at most.
    private static let alwaysJudged = 4096
    /// The most that are kept unless said otherwise.
    static let limit = 1 << 24

    init(_ metric: any Metric, budget: (any MemoryBudget)?, most: Int = KeptExamples.limit) {
        (self.metric, self.budget, self.most) = (metric, budget, most)
    }

    deinit { budget?.giveBack(bytesTaken) }

    /// Takes up the examples of a batch.
    /// - Throws: `TrainingError` where they are too many, `RuntimeError` where there is no memory for them.
    func add(_ batch: UnsafeBufferPointer<Float>) throws {
        guard (numbers.count + batch.count) / 3 <= most else {
            throw TrainingError(
                .invalidData,
                "\(metric.name): its exact value needs all examples of a pass at once, and these are more than "
                    + "\(most); with 'num_thresholds' (200 in Keras) sums are enough")
        }
        try takeMemory(for: numbers.count + batch.count)
        countBefore = numbers.count
        numbers.append(contentsOf: batch)
        // A look at each of many batches would sort them all each time.
        if numbers.count <= 3 * Self.alwaysJudged || numbers.count - judged >= judged / 8 { judged = numbers.count }
    }

    /// In large pieces, so that few batches ask.
    private func takeMemory(for count: Int) throws {
        let needed = count / 3 * Self.byteCount
        guard needed > bytesTaken else { return }
        let more = max(needed, 2 * bytesTaken) - bytesTaken
        try budget?.take(more)
        bytesTaken += more
    }

    /// Begins a pass.
    func reset() {
        numbers.removeAll(keepingCapacity: true)
        (countBefore, judged, known) = (0, 0, nil)
    }

    /// Leaves out the last batch.
    func forgetLast() {
        numbers.removeLast(numbers.count - countBefore)
        judged = min(judged, numbers.count)
        known = nil
    }

    /// The value of the last batch.
    var batchValue: Double { metric.result(examples: numbers[countBefore...]) }

    /// The value of all examples.
    var value: Double { value(ofFirst: numbers.count) }

    /// The value of all examples but for some of the last: for logs of batches, so that their cost does not grow with
    /// the square of the data. What is left out does not depend on who looks when.
    var recentValue: Double { value(ofFirst: judged) }

    private func value(ofFirst count: Int) -> Double {
        if let known, known.count == count { return known.value }
        let value = metric.result(examples: numbers[..<count])
        known = (count, value)
        return value
    }
}

// As a checkpoint within an epoch keeps them.
extension KeptExamples {
    var state: StateValue {
        ["numbers": .tensor(Tensor(numbers, shape: [numbers.count])), "judged": .integer(judged)]
    }

    /// - Returns: whether the state holds examples; otherwise there are none.
    func restore(_ state: StateValue?) -> Bool {
        reset()
        guard case .float32(let saved)? = state?["numbers"]?.tensor?.elements, saved.count.isMultiple(of: 3),
            saved.count / 3 <= most, (try? takeMemory(for: saved.count)) != nil
        else { return false }
        numbers = saved
        countBefore = saved.count
        judged = min(state?["judged"]?.count ?? 0, saved.count) / 3 * 3
        return true
    }
}
