/// A number for each epoch: epochs from which on a new one holds.
struct EpochPlan {
    private let values: [Int: Int]

    /// - Throws: `TrainingError` in the name of `callback` for an empty plan, or an epoch or value below 1.
    init(_ values: [Int: Int], for callback: String) throws(TrainingError) {
        guard !values.isEmpty else {
            throw TrainingError(.invalidOption, "\(callback): the plan is empty; give epochs: { [1] = 1, [5] = 2 }")
        }
        for (epoch, value) in values.sorted(by: { $0.key < $1.key }) where epoch < 1 || value < 1 {
            throw TrainingError(
                .invalidOption,
                "\(callback): epochs and their values must be whole numbers of 1 or more, got [\(epoch)] = \(value)")
        }
        self.values = values
    }

    /// The value for the epoch after `epoch`: that of the last one named up to it; nil before the first.
    func value(after epoch: Int) -> Int? {
        values.keys.filter { $0 - 1 <= epoch }.max().flatMap { values[$0] }
    }
}
