/// What cells without a value look like, and what stands in for it.
public struct MissingValues: Hashable, Sendable {
    /// What stands in for the value.
    public enum Fill: Hashable, Sendable {
        /// Of the values that are there; a column of words takes its most frequent one instead.
        case mean
        /// The middle one, or the mean of the two in the middle; a column of words takes its most frequent one instead.
        case median
        /// The most frequent one; the least of equally frequent ones.
        case mode
        case number(Double)
        /// A word, for a column of words.
        case word(String)
        /// Nothing: the row is left out.
        case drop
    }

    /// What many programs write where there is no value.
    public static let usualValues = ["", "NA", "N/A", "n/a", "NaN", "nan", "NULL", "null", "None", "?"]

    /// The cells that have no value, without the blanks around them. One that is a number means that number, however it
    /// is written.
    public var values: [String]
    public var fill: Fill
    /// Whether a feature with such cells gets a second column, `name_missing`: 1 where there was no value, 0 elsewhere.
    /// These columns come after all features.
    public var hasIndicator: Bool

    public init(values: [String] = MissingValues.usualValues, fill: Fill, hasIndicator: Bool = false) {
        self.values = values
        self.fill = fill
        self.hasIndicator = hasIndicator
    }
}
