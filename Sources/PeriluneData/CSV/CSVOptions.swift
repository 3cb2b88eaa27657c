/// A column of a CSV file: by the name in its header, or by its number from 1.
public enum CSVColumn: Hashable, Sendable, ExpressibleByStringLiteral, ExpressibleByIntegerLiteral {
    case name(String)
    case number(Int)

    public init(stringLiteral value: String) { self = .name(value) }

    public init(integerLiteral value: Int) { self = .number(value) }
}

/// How to read a CSV file: how it is written, which columns are features, which are targets, which hold words, and what
/// to make of cells without a value.
public struct CSVOptions: Sendable {
    /// Whether the first row names the columns.
    public enum Header: String, Hashable, Sendable, CaseIterable {
        /// It does where an option gives a column by a name that stands in it, or where none of its cells is a number
        /// and some cell below it is; it does not where one of them is a number. Where that does not tell (a table of
        /// words alone, `0,1,2` over other numbers), reading it is an error that says how to.
        case automatic = "auto"
        case present
        case absent
    }

    /// How the file is written, apart from its header.
    public var format = CSVFormat()
    public var header = Header.automatic
    /// The columns to predict. Numeric ones make one target, [] for one column or [k] for several; each column of
    /// categories makes a target of its own.
    public var targets: [CSVColumn] = []
    /// The columns to predict from, in this order; nil means all that are neither targets nor excluded.
    public var features: [CSVColumn]?
    /// Columns that are not read.
    public var excluded: [CSVColumn] = []
    /// Columns of words, to be read as class numbers from 0, in the order of the words' bytes; words that all are
    /// numbers in the order of these.
    public var categories: [CSVColumn] = []
    /// The words of a column of categories in the order of their numbers; another word is an error then.
    public var vocabularies: [CSVColumn: [String]] = [:]
    /// The class that words outside a column's vocabulary belong to. It is added to the vocabulary where it is not in
    /// it.
    public var unknown: [CSVColumn: String] = [:]
    /// The same for all features of words that `unknown` does not name.
    public var unknownFeature: String?
    /// What to make of cells without a value, in all columns that are read; nil makes them an error.
    public var missing: MissingValues?
    /// The same for one column, in place of `missing`.
    public var missingByColumn: [CSVColumn: MissingValues] = [:]
    /// Reads a second file as the first was: with its columns, vocabularies and fillings. What says which columns there
    /// are and what they hold cannot be given beside it. The targets may be absent from the file; the data set has none
    /// then.
    public var like: TableSchema?

    public init(targets: [CSVColumn] = [], categories: [CSVColumn] = []) {
        self.targets = targets
        self.categories = categories
    }
}
