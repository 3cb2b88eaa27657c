/// What became of a chunk.
struct ParsedRows {
    /// Rows that were kept, from the chunk's first place on.
    var count = 0
    /// Where reading stopped, the beginning of a row, and its line.
    var end: UnsafePointer<UInt8>
    var line: Int
    var worker = 0
    /// Whether words of rows that are none may have got into the tables.
    var wasReadTwice = false
    var fault: DataError?
}

/// Reads rows of a text into the sinks of their columns. One thread uses a parser at a time.
final class RowParser {
    let layout: RowLayout
    /// One for each column of words, in the order of the sinks' numbers.
    let tables: [WordTable]

    init(_ layout: RowLayout, tables: [WordTable]) {
        self.layout = layout
        self.tables = tables
    }

    /// Reads the rows that begin at `start` and before the end of `chunk`, as long as there is a place for them.
    func parse(_ chunk: CSVChunks.Chunk, from start: UnsafePointer<UInt8>, line: Int) -> ParsedRows {
        var cursor = CSVCursor(start, line: line, end: layout.textEnd, layout.syntax)
        var row = chunk.place
        let lastPlace = chunk.place + chunk.capacity
        let isPlain = layout.syntax.hasPlainNumbers
        let lines = layout.lines
        // Unmanaged, as counting references takes longer than to look a word up.
        let (sinks, tables) = (layout.sinks, tables.map { Unmanaged.passUnretained($0) })
        let found = tables.withUnsafeBufferPointer { tables in
            sinks.withUnsafeBufferPointer { sinks -> DataError? in
                while cursor.beginRow(until: chunk.end), row < lastPlace {
                    let beginning = cursor
                    do throws(Fault) {
                        if try parseRow(&cursor, sinks, tables, row, isPlain: isPlain) {
                            lines[row] = Int32(truncatingIfNeeded: beginning.line)
                            row += 1
                        }
                    } catch {
                        return fault(error, from: beginning)
                    }
                }
                return nil
            }
        }
        return ParsedRows(count: row - chunk.place, end: cursor.position, line: cursor.line, fault: found)
    }

    private enum Fault: Error {
        case text(CSVCursor.Fault)
        case cell(column: Int, CSVCursor.Cell, line: Int)
        case width
    }

    /// - Returns: whether the row is kept.
    @inline(__always)
    private func parseRow(
        _ cursor: inout CSVCursor, _ sinks: UnsafeBufferPointer<ColumnSink>,
        _ tables: UnsafeBufferPointer<Unmanaged<WordTable>>, _ row: Int, isPlain: Bool
    ) throws(Fault) -> Bool {
        var isKept = true
        for column in 0..<sinks.count {
            let value: UInt32?
            switch sinks[column].kind {
            case .skip:
                do { _ = try cursor.cell() } catch { throw .text(error) }
                value = 0
            case .number:
                if isPlain, !sinks[column].hasMissingNumbers, let number = Self.plainNumber(&cursor) {
                    value = number.bitPattern
                } else {
                    value = try number(&cursor, column)
                }
            case .word: value = try word(&cursor, column, tables[sinks[column].table])
            }
            if let base = sinks[column].base {
                (base + row * sinks[column].stride).pointee = value ?? Self.missing(sinks[column].kind)
            }
            if value == nil, sinks[column].dropsRow { isKept = false }
            guard cursor.nextCell() == (column + 1 < sinks.count) else { throw .width }
        }
        return isKept
    }

    private static func missing(_ kind: ColumnSink.Kind) -> UInt32 {
        switch kind {
        case .skip: 0
        case .number: Float.nan.bitPattern
        case .word: WordTable.missing
        }
    }

    /// The number in a cell that holds one and nothing else but quotes around it and spaces before; nil, with the
    /// cursor where it was, otherwise.
    @inline(__always)
    private static func plainNumber(_ cursor: inout CSVCursor) -> Float? {
        var position = cursor.position
        while position[0] == 0x20, !cursor.endsCell(0x20) { position += 1 }
        let isQuoted = position[0] == CSVCursor.quote
        if isQuoted {
            guard position == cursor.position else { return nil }
            position += 1
        }
        guard let number = DecimalNumber.scan(&position) else { return nil }
        if isQuoted {
            guard position[0] == CSVCursor.quote else { return nil }
            position += 1
        }
        guard cursor.endsCell(position[0]) else { return nil }
        cursor.position = position
        return number
    }

    /// The bits of the number in the next cell; nil where it has no value.
    @inline(never)
    private func number(_ cursor: inout CSVCursor, _ column: Int) throws(Fault) -> UInt32? {
        let line = cursor.line
        let cell = try cell(&cursor)
        if let missing = layout.plans[column]?.missing {
            let text = cell.bytes
            if missing.values.contains(where: { $0.utf8.elementsEqual(text) }) { return nil }
        }
        guard case .value(let number) = layout.syntax.number(in: cell) else {
            throw .cell(column: column, cell, line: line)
        }
        return layout.missingNumbers[column].contains(number) ? nil : number.bitPattern
    }

    /// The number of the word in the next cell; nil where it has no value.
    @inline(__always)
    private func word(_ cursor: inout CSVCursor, _ column: Int, _ table: Unmanaged<WordTable>) throws(Fault) -> UInt32?
    {
        let line = cursor.line
        let cell = try cell(&cursor)
        let number = table._withUnsafeGuaranteedRef { $0.number(cell) }
        if number == WordTable.missing { return nil }
        guard number != WordTable.unknown, cell.count > 0 else {
            if cell.count > 0, let other = layout.unknownNumbers[column] { return other }
            throw .cell(column: column, cell, line: line)
        }
        return number
    }

    @inline(__always)
    private func cell(_ cursor: inout CSVCursor) throws(Fault) -> CSVCursor.Cell {
        do { return try cursor.cell().trimmed } catch { throw .text(error) }
    }
}

extension RowParser {
    /// What is wrong with a row, the number of its cells first.
    private func fault(_ fault: Fault, from beginning: CSVCursor) -> DataError {
        var cursor = beginning
        var count = 0
        do throws(CSVCursor.Fault) {
            repeat {
                _ = try cursor.cell()
                count += 1
            } while cursor.nextCell()
        } catch {
            return error.error(file: layout.file)
        }
        guard count == layout.names.count else {
            let cells = count == 1 ? "1 cell" : "\(count) cells"
            return DataError(
                .malformed,
                "the row has \(cells) where the \(layout.hasHeader ? "header" : "first row") has \(layout.names.count)",
                file: layout.file, row: beginning.line)
        }
        switch fault {
        case .text(let fault): return fault.error(file: layout.file)
        case .width: return DataError(.malformed, "the row cannot be read", file: layout.file, row: beginning.line)
        case .cell(let column, let cell, let line):
            return DataError(
                .invalidValue,
                CellFault(
                    cell, layout.plans[column], layout.syntax, isInFirstRow: beginning.position == layout.start
                ).message, file: layout.file, row: line, column: layout.names[column])
        }
    }
}
