/// The mean of a number over batches, due each time that so many updates have been done.
struct StepWindow {
    let steps: Int
    private var sum = 0.0
    private var count = 0
    /// Updates before the window.
    private var begun = 0

    init(steps: Int) { self.steps = steps }

    mutating func reset(at step: Int) { (sum, count, begun) = (0, 0, step) }

    /// Takes the number of a batch, nil where it has none.
    /// - Returns: the mean where the window is full; a new one begins then.
    mutating func add(_ value: Double?, after step: Int) -> Double? {
        if let value { (sum, count) = (sum + value, count + 1) }
        guard step - begun >= steps, count > 0 else { return nil }
        defer { reset(at: step) }
        return sum / Double(count)
    }

    var state: StateValue { ["sum": .number(sum), "count": .integer(count), "begun": .integer(begun)] }

    mutating func restore(_ state: StateValue?) {
        guard let state else { return }
        sum = state["sum"]?.number ?? 0
        count = state["count"]?.count ?? 0
        begun = state["begun"]?.count ?? begun
    }
}
