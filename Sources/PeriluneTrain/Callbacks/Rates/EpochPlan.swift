import PeriluneItems

/// A number for each epoch: epochs from which on a new one holds.
struct EpochPlan {
    let values: [Int: Int]

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

extension OptionForm where Value == [Int: Int] {
    /// Numbers by epochs: a list has those from epoch 1 on, and the fields of a record are called by epochs.
    /// - Parameter example: how it is written.
    static func plan(example: String) -> Self {
        let number = OptionForm<Int>.count(atLeast: 1)
        return Self(.table) { plan in
            .record(Dictionary(plan.map { (String($0), .integer($1)) }) { $1 })
        } read: { input in
            let list = input.elements.enumerated().map { (key: String($0.offset + 1), value: $0.element) }
            var plan: [Int: Int] = [:]
            for (key, value) in input.fields?.sorted(by: { $0.key < $1.key }) ?? list {
                guard let epoch = Int(key), epoch >= 1, let number = try number.read(value) else {
                    let place = Int(key).map { "[\($0)]" } ?? "'\(key)'"
                    throw OptionFault(
                        "whole numbers of 1 or more by epoch expected: \(example), got \(place) = \(value.briefText)")
                }
                plan[epoch] = number
            }
            return plan
        }
    }
}
