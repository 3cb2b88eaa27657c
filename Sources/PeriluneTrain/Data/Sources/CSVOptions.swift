/// A column of a CSV file: by the name in its header, or by its number from 1.
public enum CSVColumn: Hashable, Sendable, ExpressibleByStringLiteral, ExpressibleByIntegerLiteral {
    case name(String)
    case number(Int)

    public init(stringLiteral value: String) { self = .name(value) }

    public init(integerLiteral value: Int) { self = .number(value) }
}

/// How to read a CSV file: which columns are features, which are targets, and which hold words.
public struct CSVOptions: Sendable {
    /// Whether the first row names the columns.
    public enum Header: String, Hashable, Sendable, CaseIterable {
        /// The first row is a header where none of its cells is a number.
        case automatic = "auto"
        case present
        case absent
    }

    public var header = Header.automatic
    /// What separates cells: one ASCII character other than a quote, a digit or a line end.
    public var delimiter: Character = ","
    /// The columns to predict. Numeric ones make one target, [] for one column or [k] for several; each column of
    /// categories makes a target of its own.
    public var targets: [CSVColumn] = []
    /// The columns to predict from, in this order; nil means all that are not targets.
    public var features: [CSVColumn]?
    /// Columns of words, to be read as class numbers from 0, in the order of the words' bytes.
    public var categories: [CSVColumn] = []
    /// The words of a column of categories in the order of their numbers, so that a second file is read as the first
    /// was; another word is an error then.
    public var classNames: [CSVColumn: [String]] = [:]

    public init(targets: [CSVColumn] = [], categories: [CSVColumn] = []) {
        self.targets = targets
        self.categories = categories
    }
}
