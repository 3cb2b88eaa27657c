/// What was learnt about a table when it was read: which columns play which part, the words of each and their numbers,
/// and what filled cells without a value. Another file is read alike by it (`CSVOptions.like`).
public struct TableSchema: Hashable, Sendable {
    /// One column that was read.
    public struct Column: Hashable, Sendable {
        public let name: String
        /// Its number in the file, from 1.
        public let number: Int
        /// The words in the order of their class numbers, from 0; nil for a column of numbers.
        public let vocabulary: [String]?
        /// The word of the vocabulary that other words count as; nil makes them an error.
        public let unknown: String?
        /// What has no value, and what stands in for it, as it was found; nil where that is an error.
        public let missing: MissingValues?
    }

    public let features: [Column]
    public let targets: [Column]
    public let hasHeader: Bool
    public let format: CSVFormat
}

extension TableSchema.Column {
    /// How errors and options name the column.
    func reference(hasHeader: Bool) -> CSVColumn { hasHeader ? .name(name) : .number(number) }
}
