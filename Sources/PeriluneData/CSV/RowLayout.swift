/// Where the values of one column go, row by row.
struct ColumnSink {
    enum Kind {
        case skip
        /// A float32; NaN where there is no value.
        case number
        /// The number that a table gives a word, or `WordTable.missing`.
        case word
    }

    var kind = Kind.skip
    /// The value of row `r` is at `base + r * stride`.
    var base: UnsafeMutablePointer<UInt32>?
    var stride = 0
    /// Which of the word tables.
    var table = 0
    /// Whether a row without a value here is left out.
    var dropsRow = false
    /// Whether some number means that there is no value.
    var hasMissingNumbers = false
}

/// What is known of all columns before the rows are read. The threads that read them share it, and write to rows of
/// their own.
struct RowLayout: @unchecked Sendable {
    let file: String
    let syntax: CSVSyntax
    let names: [String]
    let hasHeader: Bool
    /// One for each column of the file, as are the plans and numbers.
    private(set) var sinks: [ColumnSink]
    /// Nil for a column that is not read.
    private(set) var plans: [ColumnPlan?]
    /// The numbers that mean that there is no value.
    private(set) var missingNumbers: [[Float]]
    /// The number of the words that are not in the vocabulary; nil where they are errors.
    private(set) var unknownNumbers: [UInt32?]
    let lines: UnsafeMutablePointer<Int32>
    /// The first row of values.
    let start: UnsafePointer<UInt8>
    let textEnd: UnsafePointer<UInt8>

    init(_ plan: TablePlan, _ syntax: CSVSyntax, _ storage: TableStorage.Pointers, from start: CSVCursor, file: String)
    {
        (self.file, self.syntax, names, hasHeader) = (file, syntax, plan.names, plan.hasHeader)
        (lines, self.start, textEnd) = (storage.lines, start.position, start.end)
        sinks = Array(repeating: ColumnSink(), count: names.count)
        plans = Array(repeating: nil, count: names.count)
        missingNumbers = Array(repeating: [], count: names.count)
        unknownNumbers = Array(repeating: nil, count: names.count)
        let tables = plan.categories.map(\.index)
        for (base, columns) in [
            (storage.features, plan.features), (storage.targets, plan.numericTargets),
            (storage.labels, plan.categoryTargets),
        ] {
            for (offset, column) in columns.enumerated() {
                let index = column.index
                plans[index] = column
                missingNumbers[index] = column.missingNumbers
                sinks[index] = ColumnSink(
                    kind: column.isCategory ? .word : .number, base: base.map { $0 + offset }, stride: columns.count,
                    table: tables.firstIndex(of: index) ?? 0, dropsRow: column.missing?.fill == .drop,
                    hasMissingNumbers: !missingNumbers[index].isEmpty)
                if case .fixed(let words, let other?) = column.words {
                    unknownNumbers[index] = words.firstIndex(of: other).map { UInt32($0) }
                }
            }
        }
    }
}

extension ColumnPlan {
    /// The numbers that mean that a column of numbers has no value.
    fileprivate var missingNumbers: [Float] {
        guard !isCategory else { return [] }
        return (missing?.values ?? []).compactMap { value in
            guard case .value(let number) = Array(value.utf8).withUnsafeBufferPointer({ DecimalNumber.read($0) }) else {
                return nil
            }
            return number
        }
    }
}
