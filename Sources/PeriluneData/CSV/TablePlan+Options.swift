import PeriluneItems

extension TablePlan {
    /// The plan that the options ask for.
    ///
    /// - Parameters:
    ///   - header: the cells of the header; nil where the file has none.
    ///   - width: how many columns the file has.
    /// - Throws: `DataError` where the options name a column that is not there, name one twice, or contradict each
    ///   other.
    init(header: [String]?, width: Int, options: CSVOptions, file: String) throws {
        let columns = ColumnNames(names: header ?? (1...width).map(String.init), hasHeader: header != nil, file: file)
        if let schema = options.like {
            try self.init(columns, like: schema, options)
        } else {
            try self.init(columns, options)
        }
    }

    private init(_ columns: ColumnNames, _ options: CSVOptions) throws {
        let names = columns.names
        let targets = try columns.indices(of: options.targets, "target")
        let excluded = try columns.indices(of: options.excluded, "exclude")
        if let both = excluded.first(where: targets.contains) {
            throw columns.fault("column '\(names[both])' is both a target and excluded")
        }
        let rest = names.indices.filter { !targets.contains($0) && !excluded.contains($0) }
        let features = try options.features.map { try columns.indices(of: $0, "features") } ?? rest
        if let both = features.first(where: targets.contains) {
            throw columns.fault("column '\(names[both])' is both a feature and a target")
        }
        if let both = features.first(where: excluded.contains) {
            throw columns.fault("column '\(names[both])' is both a feature and excluded")
        }
        guard !features.isEmpty else { throw columns.fault("no column is left as a feature") }

        /// An option's values by column.
        func byColumn<Value>(_ values: [CSVColumn: Value], _ option: String) throws -> [Int: Value] {
            var result: [Int: Value] = [:]
            for (column, value) in values {
                let index = try columns.index(of: column, option)
                guard features.contains(index) || targets.contains(index) else {
                    throw columns.fault("\(option): column '\(names[index])' is neither a feature nor a target")
                }
                guard result.updateValue(value, forKey: index) == nil else {
                    throw columns.fault("\(option): column '\(names[index])' is given twice")
                }
            }
            return result
        }
        let vocabularies = try byColumn(options.vocabularies, "vocabulary")
        let unknown = try byColumn(options.unknown, "unknown")
        let missing = try byColumn(options.missingByColumn, "missing")
        let categories = try columns.indices(of: options.categories, "categories")
        if let unused = categories.first(where: { !features.contains($0) && !targets.contains($0) }) {
            throw columns.fault("categories: column '\(names[unused])' is neither a feature nor a target")
        }

        func plan(_ index: Int) throws -> ColumnPlan {
            let isCategory = categories.contains(index) || vocabularies[index] != nil || unknown[index] != nil
            let other = unknown[index] ?? (features.contains(index) ? options.unknownFeature : nil)
            var words = ColumnPlan.Words.none
            if let vocabulary = vocabularies[index] {
                try columns.check(vocabulary, of: index)
                let isKnown = other.map { word in vocabulary.contains { $0.utf8.elementsEqual(word.utf8) } } ?? true
                words = .fixed(vocabulary + (isKnown ? [] : [other].compactMap(\.self)), unknown: other)
            } else if isCategory {
                words = .learnt(unknown: other)
            }
            if case .fixed(let vocabulary, _) = words,
                case .word(let word) = missing[index]?.fill ?? options.missing?.fill,
                !vocabulary.contains(word)
            {
                throw columns.fault(
                    "missing: '\(word)' is no known class of column '\(names[index])'"
                        + NearestName.hint(word, among: vocabulary))
            }
            var values = missing[index] ?? options.missing
            values = try values?.checked(
                for: names[index], isCategory: isCategory, isOwn: missing[index] != nil, columns)
            return ColumnPlan(
                index: index, name: names[index], words: words, missing: values,
                indicator: features.contains(index) && values?.hasIndicator == true ? nil : false)
        }
        self.names = names
        hasHeader = columns.hasHeader
        self.features = try features.map(plan)
        let planned = try targets.map(plan)
        numericTargets = planned.filter { !$0.isCategory }
        categoryTargets = planned.filter(\.isCategory)
    }

    private init(_ columns: ColumnNames, like schema: TableSchema, _ options: CSVOptions) throws {
        guard columns.hasHeader == schema.hasHeader else {
            throw columns.fault(
                schema.hasHeader
                    ? "like: the first file has a header, this one has none"
                    : "like: the first file has no header, this one has one")
        }
        let named = try Dictionary(
            uniqueKeysWithValues: options.unknown.map { (try columns.index(of: $0.key, "unknown"), $0.value) })
        func plan(_ column: TableSchema.Column) throws -> ColumnPlan {
            let index = try columns.index(of: column.reference(hasHeader: schema.hasHeader), "like")
            let other = named[index] ?? (schema.features.contains(column) ? options.unknownFeature : nil)
            if let other, let words = column.vocabulary, !words.contains(other) {
                throw columns.fault(
                    "unknown: '\(other)' is no known class of column '\(column.name)'"
                        + NearestName.hint(other, among: words)
                )
            }
            let words =
                column.vocabulary.map { ColumnPlan.Words.fixed($0, unknown: other ?? column.unknown) } ?? .none
            return ColumnPlan(
                index: index, name: columns.names[index], words: words, missing: column.missing,
                indicator: column.missing?.hasIndicator ?? false)
        }
        names = columns.names
        hasHeader = columns.hasHeader
        features = try schema.features.map(plan)
        // A file to predict on names everything but what is to be predicted.
        let isUnlabelled = hasHeader && !schema.targets.contains { columns.names.contains($0.name) }
        let planned = isUnlabelled ? [] : try schema.targets.map(plan)
        numericTargets = planned.filter { !$0.isCategory }
        categoryTargets = planned.filter(\.isCategory)
    }
}

extension MissingValues {
    /// The values for one column.
    ///
    /// - Parameter isOwn: whether they were given for this column alone.
    /// - Throws: `DataError` where the filling is not one for what the column holds.
    fileprivate func checked(
        for column: String, isCategory: Bool, isOwn: Bool, _ columns: ColumnNames
    ) throws -> MissingValues {
        var result = self
        switch fill {
        case .mean, .median:
            guard isCategory else { break }
            guard !isOwn else {
                throw columns.fault(
                    "missing: column '\(column)' holds words, which have no mean or median; fill with 'mode'")
            }
            result.fill = .mode
        case .number(let number):
            guard number.isFinite, Float(number).isFinite else {
                throw columns.fault("missing: \(number) cannot fill column '\(column)'")
            }
            guard !isCategory else {
                throw columns.fault("missing: column '\(column)' holds words; fill it with one of them, not a number")
            }
        case .word(let word):
            guard isCategory else {
                throw columns.fault(
                    "missing: column '\(column)' holds numbers; '\(word)' cannot fill it"
                        + NearestName.hint(word, among: ["mean", "median", "mode", "drop"]))
            }
            guard !values.contains(word) else {
                throw columns.fault("missing: '\(word)' cannot both be missing and fill column '\(column)'")
            }
        case .mode, .drop: break
        }
        return result
    }
}

/// The columns of a file by name and number.
struct ColumnNames {
    /// Numbers where there is no header.
    let names: [String]
    let hasHeader: Bool
    let file: String

    func fault(_ message: String) -> DataError { DataError(.invalidArgument, message, file: file) }

    /// - Parameter option: the one that names the columns, for errors.
    func indices(of columns: [CSVColumn], _ option: String) throws -> [Int] {
        var result: [Int] = []
        for column in columns {
            let index = try index(of: column, option)
            guard !result.contains(index) else { throw fault("\(option): column '\(names[index])' is given twice") }
            result.append(index)
        }
        return result
    }

    func index(of column: CSVColumn, _ option: String) throws -> Int {
        switch column {
        case .number(let number):
            guard number >= 1, number <= names.count else {
                throw fault("\(option): there is no column \(number); the file has \(names.count)")
            }
            return number - 1
        case .name(let name):
            guard hasHeader else {
                throw fault(
                    "\(option): the file has no header; give '\(name)' by its number, or say header = true")
            }
            let found = names.indices.filter { names[$0] == name }
            guard let index = found.first else {
                let hint = names.count == 1 ? "; is the delimiter right?" : NearestName.hint(name, among: names)
                throw fault("\(option): there is no column '\(name)'\(hint)")
            }
            guard found.count == 1 else {
                throw fault("\(option): \(found.count) columns are named '\(name)'; give a number")
            }
            return index
        }
    }

    /// Checks a vocabulary that was given for a column.
    func check(_ vocabulary: [String], of index: Int) throws {
        guard !vocabulary.isEmpty else { throw fault("vocabulary: column '\(names[index])' has no words") }
        var seen: Set<[UInt8]> = []
        for word in vocabulary {
            guard !word.isEmpty else { throw fault("vocabulary: column '\(names[index])' has an empty word") }
            guard seen.insert(Array(word.utf8)).inserted else {
                throw fault("vocabulary: column '\(names[index])' has the word '\(word)' twice")
            }
        }
    }
}
