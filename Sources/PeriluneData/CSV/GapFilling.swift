/// Finds what fills the gaps of one column.
struct GapFilling {
    private let file: String
    private let column: ColumnPlan
    private let vocabulary: [String]?

    init(_ rows: TableRows, _ column: ColumnPlan, vocabulary: [String]?) {
        (file, self.column, self.vocabulary) = (rows.file, column, vocabulary)
    }

    /// The number that fills gaps, and how it is kept; nil where rows with gaps were left out, or there are neither
    /// gaps nor values to learn from.
    ///
    /// - Parameter present: the values that are there; class numbers for a column of words.
    /// - Throws: `DataError` where there are gaps and no value to learn from.
    func value(
        for fill: MissingValues.Fill, isNeeded: Bool, _ present: () -> some Sequence<Double>
    ) throws -> (number: Double, fill: MissingValues.Fill)? {
        let number: Double?
        switch fill {
        case .drop: return nil
        case .number(let given): return (given, fill)
        case .word(let word):
            return (Double(vocabulary?.firstIndex { $0.utf8.elementsEqual(word.utf8) } ?? 0), fill)
        case .mean: number = Self.mean(present())
        case .median: number = Self.median(present())
        case .mode: number = Self.mode(present())
        }
        guard let number else {
            guard isNeeded else { return nil }
            throw DataError(
                .invalidValue, "all cells are missing, so there is nothing to fill them with", file: file,
                column: column.name)
        }
        return (number, vocabulary.map { .word($0[Int(number)]) } ?? .number(number))
    }

    private static func mean(_ values: some Sequence<Double>) -> Double? {
        var (count, mean) = (0.0, 0.0)
        for value in values {
            count += 1
            mean += (value - mean) / count
        }
        return count > 0 ? mean : nil
    }

    private static func median(_ values: some Sequence<Double>) -> Double? {
        let sorted = values.sorted()
        guard !sorted.isEmpty else { return nil }
        let middle = sorted.count / 2
        return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    }

    private static func mode(_ values: some Sequence<Double>) -> Double? {
        var counts: [Double: Int] = [:]
        for value in values { counts[value, default: 0] += 1 }
        return counts.max { $0.value == $1.value ? $0.key > $1.key : $0.value < $1.value }?.key
    }
}
