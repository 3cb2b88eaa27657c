/// A place in CSV text (RFC 4180), from which rows and cells are read one after the other.
///
/// Written here because errors have to name lines: the rows of other readers carry none, and some lose an empty last
/// cell or an unclosed quote without a word.
struct CSVCursor {
    /// One cell: where its text is, without the quotes around it.
    ///
    /// Sendable, as an error that is thrown is: the text is never changed.
    struct Cell: @unchecked Sendable {
        var start: UnsafePointer<UInt8>
        var count: Int
        /// Whether `""` in it stands for one quote.
        var hasDoubledQuotes = false

        /// Without the spaces and tabs around it.
        var trimmed: Cell {
            var cell = self
            while cell.count > 0, CSVCursor.isBlank(cell.start[0]) {
                cell.start += 1
                cell.count -= 1
            }
            while cell.count > 0, CSVCursor.isBlank(cell.start[cell.count - 1]) { cell.count -= 1 }
            return cell
        }
    }

    /// What is wrong with the way in which a cell is written.
    enum Fault: Error {
        case openQuote(line: Int)
        case textAfterQuote(line: Int)

        func error(file: String?) -> DataError {
            switch self {
            case .openQuote(let line): DataError(.malformed, "a quoted cell is not closed", file: file, row: line)
            case .textAfterQuote(let line):
                DataError(.malformed, "text follows the closing quote of a cell", file: file, row: line)
            }
        }
    }

    /// The next byte.
    var position: UnsafePointer<UInt8>
    /// The line on which it is, from 1.
    var line: Int
    let end: UnsafePointer<UInt8>
    private let delimiter: UInt8
    private let isBlankDelimited: Bool
    private let comment: UInt8
    private let hasComments: Bool

    static let quote = UInt8(ascii: "\"")
    static let newline = UInt8(ascii: "\n")
    static let carriageReturn = UInt8(ascii: "\r")

    /// - Parameters:
    ///   - position: the beginning of a row.
    ///   - end: where the text ends; `TextBytes.padding` line ends stand behind it.
    init(_ position: UnsafePointer<UInt8>, line: Int, end: UnsafePointer<UInt8>, _ syntax: CSVSyntax) {
        self.position = position
        self.line = line
        self.end = end
        delimiter = syntax.delimiter
        isBlankDelimited = syntax.isBlankDelimited
        comment = syntax.comment ?? 0
        hasComments = syntax.comment != nil
    }

    @inline(__always) static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

    @inline(__always) static func isLineEnd(_ byte: UInt8) -> Bool { byte == newline || byte == carriageReturn }

    /// Whether a cell without quotes ends before this byte.
    @inline(__always) func endsCell(_ byte: UInt8) -> Bool {
        byte == delimiter || Self.isLineEnd(byte) || (isBlankDelimited && byte == 0x09)
    }

    /// Goes to the beginning of the next row, past blank lines and comments; false where there is none before `limit`,
    /// the beginning of a line or the end of the text.
    @inline(__always) mutating func beginRow(until limit: UnsafePointer<UInt8>) -> Bool {
        while position < limit {
            if isBlankDelimited { skipBlanks() }
            let byte = position[0]
            if hasComments, byte == comment {
                skipLine()
            } else if Self.isLineEnd(byte) {
                endLine()
            } else {
                return position < limit
            }
        }
        return false
    }

    @inline(__always) private mutating func skipBlanks() {
        while Self.isBlank(position[0]) { position += 1 }
    }

    /// After a cell: whether another one follows. Otherwise the row is over and the next line begins.
    @inline(__always) mutating func nextCell() -> Bool {
        if isBlankDelimited {
            skipBlanks()
            guard Self.isLineEnd(position[0]) else { return true }
        } else if position[0] == delimiter, position < end {
            position += 1
            return true
        }
        endLine()
        return false
    }

    /// Passes over the rest of a line and its end.
    mutating func skipLine() {
        while !Self.isLineEnd(position[0]) { position += 1 }
        endLine()
    }

    /// Passes over one line end: LF, CR LF, or the lone CR of old files.
    @inline(__always) mutating func endLine() {
        position += position[0] == Self.carriageReturn && position[1] == Self.newline && position + 1 < end ? 2 : 1
        line += 1
    }

    /// Reads the cell at the present position, and stops behind it.
    @inline(__always) mutating func cell() throws(Fault) -> Cell {
        if position[0] == Self.quote { return try quotedCell() }
        let start = position
        position = endOfCell(start)
        return Cell(start: start, count: position - start)
    }

    /// Looks at eight bytes at a time: a byte of `word ^ pattern` is zero where `word` has the byte that was asked for.
    @inline(__always) private func endOfCell(_ start: UnsafePointer<UInt8>) -> UnsafePointer<UInt8> {
        let other = isBlankDelimited ? 0x09 : delimiter
        var position = start
        while true {
            let word = Self.word(position)
            let found =
                Self.zeros(word ^ Self.repeated(delimiter)) | Self.zeros(word ^ Self.repeated(Self.newline))
                | Self.zeros(word ^ Self.repeated(Self.carriageReturn)) | Self.zeros(word ^ Self.repeated(other))
            if found != 0 { return position + found.trailingZeroBitCount / 8 }
            position += 8
        }
    }

    private mutating func quotedCell() throws(Fault) -> Cell {
        let firstLine = line
        position += 1
        var cell = Cell(start: position, count: 0)
        let (quotes, newlines, returns) = (
            Self.repeated(Self.quote), Self.repeated(Self.newline), Self.repeated(Self.carriageReturn)
        )
        while position < end {
            let word = Self.word(position)
            let found = Self.zeros(word ^ quotes) | Self.zeros(word ^ newlines) | Self.zeros(word ^ returns)
            guard found != 0 else {
                position += 8
                continue
            }
            position += found.trailingZeroBitCount / 8
            guard position < end else { break }
            guard position[0] == Self.quote else {
                endLine()
                continue
            }
            if position[1] == Self.quote {
                cell.hasDoubledQuotes = true
                position += 2
                continue
            }
            cell.count = position - cell.start
            position += 1
            guard position == end || endsCell(position[0]) else { throw .textAfterQuote(line: line) }
            return cell
        }
        throw .openQuote(line: firstLine)
    }

    @inline(__always) private static func word(_ position: UnsafePointer<UInt8>) -> UInt64 {
        UnsafeRawPointer(position).loadUnaligned(as: UInt64.self).littleEndian
    }

    @inline(__always) private static func repeated(_ byte: UInt8) -> UInt64 { 0x0101_0101_0101_0101 &* UInt64(byte) }

    /// The highest bit of each byte that is zero; bytes above the first of them may have it too.
    @inline(__always) private static func zeros(_ word: UInt64) -> UInt64 {
        (word &- 0x0101_0101_0101_0101) & ~word & 0x8080_8080_8080_8080
    }
}

extension CSVCursor {
    /// The cells of the next row, for rows that are looked at one by one; nil at the end of the text.
    ///
    /// - Throws: `Fault` where a quoted cell is not closed, or goes on after its closing quote.
    mutating func row() throws(Fault) -> [Cell]? {
        guard beginRow(until: end) else { return nil }
        var cells: [Cell] = []
        repeat { cells.append(try cell()) } while nextCell()
        return cells
    }
}

extension CSVCursor.Cell {
    /// The bytes with `""` as one quote.
    var bytes: [UInt8] {
        let raw = UnsafeBufferPointer(start: start, count: count)
        guard hasDoubledQuotes else { return Array(raw) }
        var unescaped: [UInt8] = []
        var skipsQuote = false
        for byte in raw {
            skipsQuote = byte == CSVCursor.quote && !skipsQuote
            if !skipsQuote { unescaped.append(byte) }
        }
        return unescaped
    }

    /// The text, nil where it is not UTF-8.
    var validText: String? { String(validating: bytes, as: UTF8.self) }

    /// The text as messages show it: repaired where it is not UTF-8.
    var text: String { String(decoding: bytes, as: UTF8.self) }
}
