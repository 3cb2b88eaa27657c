extension Dataset {
    /// Reads a table of numbers from a CSV file (RFC 4180, UTF-8, gzipped or not).
    ///
    /// The features make one input, [features], float32. Numbers are in decimal notation.
    ///
    /// - Throws: `DataError` where the file cannot be read, has no rows or a ragged one, where a cell is empty, not a
    ///   number or not finite (with line and column), or where the options name a column that is not there.
    public static func csv(_ path: String, options: CSVOptions = CSVOptions()) throws -> Dataset {
        guard let delimiter = options.delimiter.asciiValue, !CSVOptions.reservedCharacters.contains(options.delimiter)
        else {
            throw DataError(.invalidArgument, "delimiter: '\(options.delimiter)' cannot separate cells")
        }
        let bytes = try FileBytes.read(path)
        guard !bytes.isEmpty else { throw DataError(.malformed, "the file is empty", file: path) }
        guard !bytes.contains(0) else {
            throw DataError(.malformed, "is not UTF-8 text: it has zero bytes", file: path)
        }
        return try bytes.withUnsafeBufferPointer { text in
            try read(CSVRows(text, delimiter: delimiter, file: path), options, path)
        }
    }

    private static func read(_ rows: CSVRows, _ options: CSVOptions, _ path: String) throws -> Dataset {
        var rows = rows
        var cells: [CSVRows.Cell] = []
        guard try rows.next(into: &cells) else { throw DataError(.malformed, "the file has no rows", file: path) }
        let hasHeader =
            switch options.header {
            case .present: true
            case .absent: false
            case .automatic: cells.allSatisfy { [.empty, .notANumber].contains(rows.number($0)) }
            }
        let header = hasHeader ? cells.map { rows.text($0).trimmingBlanks() } : nil
        let columns = try CSVColumns(header: header, width: cells.count, options: options, file: path)
        var table = CSVTable(columns: columns, file: path)
        if !hasHeader { try table.append(cells, of: rows) }
        while try rows.next(into: &cells) { try table.append(cells, of: rows) }
        return try table.dataset()
    }
}

extension CSVOptions {
    /// What cannot separate cells, because it is part of them or ends the row.
    static let reservedCharacters = Set("\"\n\r0123456789.+-eE")
}
