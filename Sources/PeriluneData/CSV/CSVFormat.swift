/// How the text of a table is written.
public struct CSVFormat: Hashable, Sendable {
    /// What separates cells.
    public enum Delimiter: Hashable, Sendable {
        /// One ASCII character other than a quote, a digit or a line end.
        case character(Character)
        /// Any number of spaces and tabs.
        case whitespace
    }

    /// How characters are stored.
    public enum Encoding: String, Hashable, Sendable, CaseIterable {
        case utf8
        /// ISO 8859-1: one byte a character.
        case latin1
    }

    public var delimiter = Delimiter.character(",")
    public var encoding = Encoding.utf8
    /// Lines at the beginning that are passed over, 0 or more.
    public var skippedLines = 0
    /// Lines that begin with this ASCII character are passed over; nil for none.
    public var comment: Character?
    /// What parts the whole digits of a number from the others: `.` or `,`.
    public var decimal: Character = "."
    /// What may stand between groups of three digits; nil for nothing.
    public var thousands: Character?

    public init() {}

    /// What cannot separate cells, because it is part of them or ends the row.
    private static let reserved = Set("\"\n\r0123456789.+-eE").union(["\r\n"])

    /// - Throws: `DataError` naming the option that cannot be.
    func check() throws {
        func fault(_ message: String) -> DataError { DataError(.invalidArgument, message) }
        if case .character(let character) = delimiter {
            guard character.isASCII, !Self.reserved.contains(character) else {
                throw fault("delimiter: '\(character)' cannot separate cells")
            }
        }
        guard skippedLines >= 0 else { throw fault("skip_rows must be 0 or more, got \(skippedLines)") }
        if let comment {
            guard comment.isASCII, !Self.reserved.subtracting("eE").contains(comment),
                delimiter != .character(comment)
            else { throw fault("comment: '\(comment)' cannot begin a comment") }
        }
        guard decimal == "." || decimal == "," else { throw fault("decimal must be '.' or ',', got '\(decimal)'") }
        if let thousands {
            guard ".,' _".contains(thousands), thousands != decimal else {
                throw fault(
                    "thousands: '\(thousands)' cannot group the digits of numbers whose decimal is '\(decimal)'")
            }
        }
    }
}

/// The same as bytes, as the scanner wants it.
struct CSVSyntax: Sendable {
    /// The delimiter; a space where any number of spaces and tabs delimit.
    let delimiter: UInt8
    let isBlankDelimited: Bool
    let comment: UInt8?
    let decimal: UInt8
    let thousands: UInt8?
    /// Whether each number is written with a point and nothing between its digits.
    var hasPlainNumbers: Bool { decimal == UInt8(ascii: ".") && thousands == nil }

    /// - Parameter format: one that passed its check.
    init(_ format: CSVFormat) {
        switch format.delimiter {
        case .character(let character):
            delimiter = character.asciiValue ?? UInt8(ascii: ",")
            isBlankDelimited = false
        case .whitespace:
            delimiter = UInt8(ascii: " ")
            isBlankDelimited = true
        }
        comment = format.comment?.asciiValue
        decimal = format.decimal.asciiValue ?? UInt8(ascii: ".")
        thousands = format.thousands?.asciiValue
    }
}
