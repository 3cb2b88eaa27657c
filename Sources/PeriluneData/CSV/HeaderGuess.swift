/// Decides whether the first row of a table names its columns, where the options leave it to be found out.
struct HeaderGuess {
    let first: [CSVCursor.Cell]
    /// The row below; nil where there is none.
    let second: [CSVCursor.Cell]?
    let options: CSVOptions
    let syntax: CSVSyntax
    let file: String

    /// - Throws: `DataError` that says how to tell, where the rows do not.
    func hasHeader() throws -> Bool {
        switch options.header {
        case .present: return true
        case .absent: return false
        case .automatic: break
        }
        if let schema = options.like { return schema.hasHeader }
        let cells = Set(first.map(\.trimmed.text))
        if options.namedColumns.contains(where: cells.contains) { return true }
        let kinds = first.map(kind)
        guard kinds.contains(.number) else { return try hasHeader(ofWords: kinds) }
        if options.namedColumns.isEmpty, isCounting(first), let second, !isCounting(second) {
            throw ambiguous("the first row counts \(names(first)), as a header may")
        }
        return false
    }

    /// No cell of the first row is a number.
    private func hasHeader(ofWords kinds: [Kind]) throws -> Bool {
        if let index = kinds.firstIndex(of: .missing) {
            throw ambiguous(
                "the first row has no number, but '\(first[index].trimmed.text)', which may be a missing one")
        }
        guard let second, second.count == first.count else { return true }
        if second.contains(where: { kind($0) != .word }) || !options.namedColumns.isEmpty { return true }
        throw ambiguous("both the first row and the one below are words")
    }

    private func ambiguous(_ reason: String) -> DataError {
        DataError(
            .invalidArgument,
            "whether the first row names the columns cannot be told: \(reason); say header = true or header = false",
            file: file)
    }

    private enum Kind {
        case number
        case word
        /// What programs write for a number that is not there.
        case missing
    }

    private func kind(_ cell: CSVCursor.Cell) -> Kind {
        switch syntax.number(in: cell) {
        case .value: return .number
        case .notFinite: return .missing
        // An empty name is not unusual: row numbers have no name in many files.
        case .empty: return .word
        case .notANumber:
            let values = options.missing?.values ?? MissingValues.usualValues
            return values.contains(cell.trimmed.text) ? .missing : .word
        }
    }

    /// Whether the cells are whole numbers each one more than the one before: 0, 1, 2 or 2015, 2016, 2017.
    private func isCounting(_ cells: [CSVCursor.Cell]) -> Bool {
        let numbers = cells.map { Int($0.trimmed.text) }
        guard let start = numbers[0], cells.count >= (start == 0 ? 2 : 3) else { return false }
        return numbers.enumerated().allSatisfy { offset, number in number.map { $0 &- offset == start } ?? false }
    }

    private func names(_ cells: [CSVCursor.Cell]) -> String {
        cells.prefix(3).map(\.trimmed.text).joined(separator: ", ") + (cells.count > 3 ? ", …" : "")
    }
}

extension CSVOptions {
    /// The columns that are given by name.
    fileprivate var namedColumns: [String] {
        let lists = [targets, features ?? [], excluded, categories]
        let keys = Array(vocabularies.keys) + Array(unknown.keys) + Array(missingByColumn.keys)
        return (lists.flatMap(\.self) + keys).compactMap { column in
            switch column {
            case .name(let name): name
            case .number: nil
            }
        }
    }
}
