internal import PeriluneBinding
internal import PeriluneData
internal import PeriluneItems
internal import PeriluneLuaRuntime

/// `lune.data.csv(path, { … })`: a table of numbers and words.
enum CSVBinding {
    static let function = Binding(
        "csv", [.required("path", .string, "the file; .gz too")],
        options: columnOptions + formatOptions, result: .host("dataset"),
        help: """
            A table of numbers and words. Columns are given by name, or by number from 1.
            Words become class numbers; data.vocabulary tells which. A second file is read alike with like:
            local test = lune.data.csv("test.csv", { like = train })
            missing = { fill = "mean" } fills cells without a value; what filled them is kept for like too.
            """, body: read)

    private static let column = ParameterType.either(.string, .integer(atLeast: 1))
    private static let columns = ParameterType.list(column)

    private static let columnOptions: [Parameter] = [
        .optional(
            "target", .either(.string, .integer(atLeast: 1), columns), aliases: ["targets"], "columns to predict"),
        .optional(
            "features", columns, default: .shown("all that are neither targets nor excluded"), "columns to predict from"
        ),
        .optional("exclude", .either(.string, .integer(atLeast: 1), columns), "columns that are not read"),
        .optional(
            "categories", .either(.string, .integer(atLeast: 1), columns),
            "columns of words, which become class numbers from 0 in the order of the words"),
        .optional(
            "vocabulary", .table,
            "the words of columns in the order of their numbers: { color = { \"red\", \"green\" } }; "
                + "others are errors"),
        .optional(
            "unknown", .either(.string, .table),
            "the class of words that are not in the vocabulary: of all features, or by column: { color = \"other\" }"),
        .optional(
            "missing", missing,
            "what stands for cells without a value; fill is \"mean\", \"median\", \"mode\", \"drop\" (the row), "
                + "a number, or a word"
        ),
        .optional(
            "like", .host("dataset"),
            "a data set of another file: its columns, vocabularies and fillings are used again; targets may be absent"),
    ]

    private static let formatOptions: [Parameter] = [
        .optional(
            "header", .either(.boolean, .enumeration(["auto"])), default: "auto",
            "whether the first row names columns; auto: where an option names one, "
                + "or it has no number and a row below has"
        ),
        .optional("delimiter", .string, default: ",", "what separates cells: a character, or \"whitespace\""),
        .optional(
            "encoding", .enumeration(CSVFormat.Encoding.allCases.map(\.rawValue)), default: "utf8", "of the text"),
        .optional("skip_rows", .integer(atLeast: 0), default: 0, "lines at the beginning that are passed over"),
        .optional("comment", .string, "lines that begin with this character are passed over"),
        .optional("decimal", .enumeration([".", ","]), default: ".", "what stands before the decimals of a number"),
        .optional(
            "thousands", .enumeration([",", ".", "'", " ", "_"]), "what stands between groups of three digits"),
    ]

    private static let fillings: [Parameter] = [
        .optional(
            "values", .list(.either(.string, .number)),
            default: .shown(MissingValues.usualValues.map { "\"\($0)\"" }.joined(separator: ", ")),
            "the cells that have no value"),
        .optional("fill", .either(.string, .number), "what stands for it"),
        .optional("indicator", .boolean, default: false, "whether a column name_missing tells where"),
    ]

    private static let missing = ParameterType.record(
        fillings + [.optional("columns", .table, "the same for single columns: { age = { fill = \"median\" } }")])

    private static func read(_ arguments: Arguments) throws -> [LuaValue] {
        var options = CSVOptions()
        options.format = try format(arguments)
        if let header = try arguments.optionalBoolean("header") { options.header = header ? .present : .absent }
        if let first = try arguments.optionalHost("like", LuaDataset.self) {
            guard let schema = first.dataset.table else {
                throw arguments.fault("like", "a data set of lune.data.csv expected; this one is of no table")
            }
            for option in ["target", "features", "exclude", "categories", "vocabulary", "missing"] {
                guard try !arguments.isGiven(option) else {
                    throw arguments.fault(option, "like brings it; only one of them can be given")
                }
            }
            options.like = schema
        }
        options.targets = try columns(arguments, "target")
        options.excluded = try columns(arguments, "exclude")
        options.categories = try columns(arguments, "categories")
        if try arguments.isGiven("features") { options.features = try columns(arguments, "features") }
        options.vocabularies = try byColumn(arguments, "vocabulary") { value in
            let words = try value.table?.array ?? []
            return words.isEmpty || words.contains { $0.string == nil } ? nil : words.compactMap(\.string)
        }
        if let word = try arguments.optionalString("unknown") {
            options.unknownFeature = word
        } else {
            options.unknown = try byColumn(arguments, "unknown") { $0.string }
        }
        try readMissing(arguments, into: &options)
        let budget = arguments.state.session.budget
        let data = try Dataset.csv(arguments.readablePath("path"), options: options) { try budget.requireRoom(for: $0) }
        return [.object(LuaDataset(data))]
    }

    private static func columns(_ arguments: Arguments, _ name: String) throws -> [CSVColumn] {
        let value = try arguments.value(name)
        return try (value.table?.array ?? (value.isNil ? [] : [value])).compactMap(\.column)
    }

    /// The values of an option by column.
    private static func byColumn<Value>(
        _ arguments: Arguments, _ name: String, _ read: (LuaValue) throws -> Value?
    ) throws -> [CSVColumn: Value] {
        try byColumn(arguments.optionalTable(name), name, arguments, read)
    }

    private static func byColumn<Value>(
        _ table: LuaTable?, _ name: String, _ arguments: Arguments, _ read: (LuaValue) throws -> Value?
    ) throws -> [CSVColumn: Value] {
        var result: [CSVColumn: Value] = [:]
        for (key, entry) in try table?.entries ?? [] {
            guard let column = key.column, let value = try read(entry) else {
                let what = name == "vocabulary" ? "a list of words for each column" : "a value for each column"
                throw arguments.fault(
                    name, "\(what) expected, got \(key.keyText) = \(arguments.state.shownText(of: entry))")
            }
            result[column] = value
        }
        return result
    }

    private static func readMissing(_ arguments: Arguments, into options: inout CSVOptions) throws {
        guard let table = try arguments.optionalTable("missing") else { return }
        options.missingByColumn = try byColumn(table["columns"].table, "missing", arguments) { entry in
            guard let own = entry.table else { return nil }
            do {
                try ParameterType.record(fillings).check(entry, in: arguments.state)
            } catch {
                throw arguments.fault(
                    "missing", "columns: \(try entryFault(own)); a table of values, fill and indicator expected")
            }
            guard let filled = try values(own, like: table) else { throw arguments.fault("missing", noFill) }
            return filled
        }
        options.missing = try values(table, like: nil)
        guard options.missing != nil || !options.missingByColumn.isEmpty else {
            throw arguments.fault("missing", noFill)
        }
    }

    private static let noFill =
        "fill is needed: 'mean', 'median', 'mode', 'drop', a number, or a word for columns of words"

    /// The first field of a column's table that is none.
    private static func entryFault(_ table: LuaTable) throws -> String {
        let names = fillings.map(\.name)
        for (key, _) in try table.entries {
            guard let name = key.string, names.contains(name) else {
                return "unknown field \(key.keyText)\(NearestName.hint(key.string ?? "", among: names))"
            }
        }
        return "a field has the wrong type"
    }

    /// - Parameter table: what the values of the whole table are, for those that a column does not give.
    private static func values(_ own: LuaTable, like table: LuaTable?) throws -> MissingValues? {
        guard let fill = own["fill"].filling else { return nil }
        let words = try (own["values"].table ?? table?["values"].table)?.array.map(\.cellText)
        return MissingValues(
            values: words ?? MissingValues.usualValues, fill: fill,
            hasIndicator: (own["indicator"].boolean ?? table?["indicator"].boolean) ?? false)
    }

    private static func format(_ arguments: Arguments) throws -> CSVFormat {
        var format = try arguments.optionalHost("like", LuaDataset.self)?.dataset.table?.format ?? CSVFormat()
        func character(_ name: String) throws -> Character? {
            guard try arguments.isGiven(name) else { return nil }
            let text = try arguments.string(name)
            guard text.count == 1, let character = text.first else {
                throw arguments.fault(name, "one character expected, got '\(text)'")
            }
            return character
        }
        if try arguments.isGiven("delimiter"), try arguments.string("delimiter") == "whitespace" {
            format.delimiter = .whitespace
        } else if let delimiter = try character("delimiter") {
            format.delimiter = .character(delimiter)
        }
        if try arguments.isGiven("encoding"),
            let encoding = CSVFormat.Encoding(rawValue: try arguments.string("encoding"))
        {
            format.encoding = encoding
        }
        if try arguments.isGiven("skip_rows") { format.skippedLines = try arguments.integer("skip_rows") }
        if let comment = try character("comment") { format.comment = comment }
        if let decimal = try character("decimal") { format.decimal = decimal }
        if let thousands = try character("thousands") { format.thousands = thousands }
        return format
    }
}

extension LuaValue {
    /// A column by name or number.
    fileprivate var column: CSVColumn? { string.map { .name($0) } ?? integer.map { .number($0) } }

    fileprivate var filling: MissingValues.Fill? {
        if let number { return .number(number) }
        switch string {
        case "mean": return .mean
        case "median": return .median
        case "mode": return .mode
        case "drop": return .drop
        case let word?: return .word(word)
        case nil: return nil
        }
    }

    /// What a cell with this value looks like.
    fileprivate var cellText: String { string ?? integer.map(String.init) ?? number.map { "\($0)" } ?? "" }
}
