import PeriluneGraph

/// Reads a table from text: finds the header, plans the columns, parses the rows in parallel, and puts together what
/// the columns became.
struct TableReader {
    let text: TextBytes
    let options: CSVOptions
    let file: String
    /// Bytes a chunk, about: what one thread reads at a time.
    var chunkSize = 512 * 1024

    /// - Throws: `DataError` with file, line and column of what cannot be read.
    func read(request: MemoryRequest = { _ in }) throws -> Dataset {
        let syntax = CSVSyntax(options.format)
        guard text.count > 0 else { throw DataError(.malformed, "the file is empty", file: file) }
        // Spreadsheets like to begin with a byte order mark.
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        let hasMark = UnsafeBufferPointer(start: text.start, count: text.count).starts(with: mark)
        var cursor = CSVCursor(text.start + (hasMark ? mark.count : 0), line: 1, end: text.end, syntax)
        while cursor.line <= options.format.skippedLines, cursor.position < text.end { cursor.skipLine() }

        let beginning = cursor
        guard let first = try row(&cursor) else { throw DataError(.malformed, "the file has no rows", file: file) }
        var next = cursor
        // A row that cannot be read is told of in its turn.
        let second = (try? next.row()) ?? nil
        let guess = HeaderGuess(first: first, second: second, options: options, syntax: syntax, file: file)
        let hasHeader = try guess.hasHeader()
        let header = try hasHeader ? names(first, line: cursor.line) : nil
        let plan = try TablePlan(header: header, width: first.count, options: options, file: file)
        if !hasHeader { cursor = beginning }
        let rows = try TableRows(
            plan, text: text, from: cursor, syntax: syntax, file: file, chunkSize: chunkSize, request: request)
        return try LearntTable(rows).dataset(format: options.format)
    }

    private func row(_ cursor: inout CSVCursor) throws -> [CSVCursor.Cell]? {
        do { return try cursor.row() } catch { throw error.error(file: file) }
    }

    private func names(_ cells: [CSVCursor.Cell], line: Int) throws -> [String] {
        try cells.enumerated().map { index, cell in
            let cell = cell.trimmed
            guard let text = cell.validText else {
                throw DataError(
                    .malformed, CellFault.notUTF8(cell.text), file: file, row: line - 1, column: String(index + 1))
            }
            return text
        }
    }
}
