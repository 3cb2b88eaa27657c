/// Checks of the options of a callback or a schedule, with one wording.
package struct OptionCheck {
    /// Whose options they are.
    let owner: String

    package init(_ owner: String) { self.owner = owner }

    package func finite(_ name: String, _ value: Double) throws(TrainingError) {
        try require(value.isFinite, name, "a finite number", value)
    }

    package func nonNegative(_ name: String, _ value: Double) throws(TrainingError) {
        try require(value.isFinite && value >= 0, name, "a finite number of 0 or more", value)
    }

    package func positive(_ name: String, _ value: Double) throws(TrainingError) {
        try require(value.isFinite && value > 0, name, "a finite number above 0", value)
    }

    package func positive(_ name: String, _ value: Int) throws(TrainingError) {
        try require(value > 0, name, "a whole number of 1 or more", value)
    }

    package func nonNegative(_ name: String, _ value: Int) throws(TrainingError) {
        try require(value >= 0, name, "a whole number of 0 or more", value)
    }

    package func whole(_ name: String, _ value: Int, in range: ClosedRange<Int>) throws(TrainingError) {
        try require(
            range.contains(value), name, "a whole number of \(range.lowerBound) to \(range.upperBound)", value)
    }

    package func require(_ holds: Bool, _ name: String, _ rule: String, _ value: some Any) throws(TrainingError) {
        guard !holds else { return }
        throw TrainingError(.invalidOption, "\(owner): '\(name)' must be \(rule), got \(value)")
    }
}
