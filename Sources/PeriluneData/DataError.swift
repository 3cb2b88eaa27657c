/// A fault in data, or in what was asked of it: which file, which row, which column, and what is wrong there.
///
/// `description` is one line: `iris.csv:17: column 'petal width': 'x1' is not a number` for a file,
/// `row 17: column 'x[3]': nan is not finite` for tensors.
public struct DataError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kind of fault, for programs that want to react to it.
    public enum Code: Hashable, Sendable {
        /// The file is missing or cannot be read.
        case unreadable
        /// The file is not what it claims to be: truncated, wrong magic number, ragged rows, broken quotes.
        case malformed
        /// One value is unusable: not a number, not finite, a label out of range.
        case invalidValue
        /// Two things that belong together differ in count or shape.
        case mismatch
        /// An argument makes no sense for this data set.
        case invalidArgument
        /// A generator was used in a way that it cannot serve.
        case generator
    }

    public let code: Code
    /// The file, as the user named it; nil for data that came from memory.
    public let file: String?
    /// The line of the file, or the example's number where there is no file or it has no lines; from 1.
    public let row: Int?
    /// The column's name; an element of an input without names is written as Lua indexes it, `x[3]`.
    public let column: String?
    /// What is wrong, without the place.
    public let message: String
    /// Whether the message names epoch and batch.
    package let namesBatch: Bool

    public init(_ code: Code, _ message: String, file: String? = nil, row: Int? = nil, column: String? = nil) {
        self.init(code, message, file: file, row: row, column: column, namesBatch: false)
    }

    package init(
        _ code: Code, _ message: String, file: String?, row: Int? = nil, column: String? = nil, namesBatch: Bool
    ) {
        self.namesBatch = namesBatch
        self.code = code
        self.message = message
        self.file = file
        self.row = row
        self.column = column
    }

    public var description: String {
        var text = ""
        switch (file, row) {
        case (let file?, let row?): text += "\(file):\(row): "
        case (let file?, nil): text += "\(file): "
        case (nil, let row?): text += "row \(row): "
        case (nil, nil): break
        }
        if let column { text += "column '\(column)': " }
        return text + message
    }
}
