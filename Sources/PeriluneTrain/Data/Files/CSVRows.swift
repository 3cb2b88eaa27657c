/// Splits CSV text (RFC 4180) into rows of cells, as ranges of its bytes.
///
/// Written here because the rows of SwiftCSV carry no line numbers, and it loses an empty last cell and an unclosed
/// quote without a word, so that errors could not be found, let alone placed; it also reads 5 MB/s and brings Foundation.
struct CSVRows {
    /// One cell: where its text is, without the quotes around it.
    struct Cell {
        var range: Range<Int>
        /// Whether `""` in it stands for one quote.
        var hasDoubledQuotes = false
    }

    private let bytes: UnsafeBufferPointer<UInt8>
    private let delimiter: UInt8
    private let file: String?
    private var position: Int
    private var nextLine = 1
    /// The line on which the row last read begins, from 1.
    private(set) var line = 0

    private static let quote = UInt8(ascii: "\"")
    private static let newline = UInt8(ascii: "\n")
    private static let carriageReturn = UInt8(ascii: "\r")

    /// - Parameters:
    ///   - bytes: the text; it must outlive this value.
    ///   - file: what errors call it.
    init(_ bytes: UnsafeBufferPointer<UInt8>, delimiter: UInt8 = UInt8(ascii: ","), file: String?) {
        self.bytes = bytes
        self.delimiter = delimiter
        self.file = file
        // Spreadsheets like to begin with a byte order mark.
        position = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    }

    /// Reads the next row into `cells`, whose storage is used again. Blank lines are passed over.
    ///
    /// - Returns: false at the end of the text.
    /// - Throws: `DataError` where a quoted cell is not closed, or goes on after its closing quote.
    mutating func next(into cells: inout [Cell]) throws -> Bool {
        skipBlankLines()
        guard position < bytes.count else { return false }
        line = nextLine
        cells.removeAll(keepingCapacity: true)
        while true {
            cells.append(try readCell())
            guard position < bytes.count, bytes[position] == delimiter else { break }
            position += 1
        }
        skipLineEnd()
        return true
    }

    /// The text of a cell of the row last read.
    func text(_ cell: Cell) -> String {
        let raw = bytes[cell.range]
        guard cell.hasDoubledQuotes else { return String(decoding: raw, as: UTF8.self) }
        var unescaped: [UInt8] = []
        var skipsQuote = false
        for byte in raw {
            skipsQuote = byte == Self.quote && !skipsQuote
            if !skipsQuote { unescaped.append(byte) }
        }
        return String(decoding: unescaped, as: UTF8.self)
    }

    /// The number in a cell of the row last read.
    func number(_ cell: Cell) -> DecimalNumber.Reading { DecimalNumber.read(bytes, cell.range) }

    private mutating func readCell() throws -> Cell {
        let start = position
        if position < bytes.count, bytes[position] == Self.quote { return try readQuotedCell() }
        while position < bytes.count {
            let byte = bytes[position]
            if byte == delimiter || byte == Self.newline || byte == Self.carriageReturn { break }
            position += 1
        }
        return Cell(range: start..<position)
    }

    private mutating func readQuotedCell() throws -> Cell {
        let firstLine = nextLine
        position += 1
        var cell = Cell(range: position..<position)
        while position < bytes.count {
            let byte = bytes[position]
            if byte == Self.quote {
                if position + 1 < bytes.count, bytes[position + 1] == Self.quote {
                    cell.hasDoubledQuotes = true
                    position += 2
                    continue
                }
                cell.range = cell.range.lowerBound..<position
                position += 1
                let ends: Set = [delimiter, Self.newline, Self.carriageReturn]
                guard position == bytes.count || ends.contains(bytes[position]) else {
                    throw DataError(.malformed, "text follows the closing quote of a cell", file: file, row: nextLine)
                }
                return cell
            }
            if byte == Self.newline { nextLine += 1 }
            position += 1
        }
        throw DataError(.malformed, "a quoted cell is not closed", file: file, row: firstLine)
    }

    private mutating func skipBlankLines() {
        while position < bytes.count, bytes[position] == Self.newline || bytes[position] == Self.carriageReturn {
            skipLineEnd()
        }
    }

    /// Passes over one line end: LF, CR LF, or the lone CR of old files.
    private mutating func skipLineEnd() {
        guard position < bytes.count else { return }
        if bytes[position] == Self.carriageReturn {
            position += 1
            if position < bytes.count, bytes[position] == Self.newline { position += 1 }
        } else {
            position += 1
        }
        nextLine += 1
    }
}
