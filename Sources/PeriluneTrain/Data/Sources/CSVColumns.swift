import PeriluneGraph
import PeriluneItems

/// The columns of one CSV file and the part that each plays, as the options ask for it.
struct CSVColumns {
    /// What errors call each column: its name, or its number where there is no header.
    let names: [String]
    let features: [Int]
    let numericTargets: [Int]
    let categoryTargets: [Int]
    /// The columns of words, with their words where the options fix them.
    let categories: [Int: [String]?]
    private let hasHeader: Bool
    private let file: String

    /// - Parameter header: the cells of the header; nil where the file has none.
    /// - Throws: `DataError` where the options name a column that is not there, or twice.
    init(header: [String]?, width: Int, options: CSVOptions, file: String) throws {
        hasHeader = header != nil
        names = header ?? (1...width).map(String.init)
        self.file = file
        let names = names
        func resolve(_ columns: [CSVColumn], _ role: String) throws -> [Int] {
            var result: [Int] = []
            for column in columns {
                let index = try Self.index(of: column, names: names, hasHeader: header != nil, role: role, file: file)
                guard !result.contains(index) else {
                    throw DataError(.invalidArgument, "\(role): column '\(names[index])' is given twice", file: file)
                }
                result.append(index)
            }
            return result
        }

        let targets = try resolve(options.targets, "target")
        let rest = (0..<width).filter { !targets.contains($0) }
        let features = try options.features.map { try resolve($0, "features") } ?? rest
        if let both = features.first(where: targets.contains) {
            throw DataError(.invalidArgument, "column '\(names[both])' is both a feature and a target", file: file)
        }
        guard !features.isEmpty else {
            throw DataError(.invalidArgument, "no column is left as a feature", file: file)
        }
        var categories: [Int: [String]?] = [:]
        for index in try resolve(options.categories, "categories") { categories.updateValue(nil, forKey: index) }
        for (column, classes) in options.classNames {
            let index = try Self.index(of: column, names: names, hasHeader: hasHeader, role: "class names", file: file)
            guard Set(classes).count == classes.count, !classes.isEmpty else {
                throw DataError(
                    .invalidArgument, "class names: a class is given twice, or none is", file: file,
                    column: names[index])
            }
            categories[index] = classes
        }
        if let unused = categories.keys.sorted().first(where: { !features.contains($0) && !targets.contains($0) }) {
            throw DataError(
                .invalidArgument, "categories: column '\(names[unused])' is neither a feature nor a target", file: file)
        }
        self.features = features
        let isCategory = { (column: Int) in categories[column] != nil }
        numericTargets = targets.filter { !isCategory($0) }
        categoryTargets = targets.filter(isCategory)
        self.categories = categories
    }

    private static func index(
        of column: CSVColumn, names: [String], hasHeader: Bool, role: String, file: String
    ) throws -> Int {
        switch column {
        case .number(let number):
            guard number >= 1, number <= names.count else {
                throw DataError(
                    .invalidArgument, "\(role): there is no column \(number); the file has \(names.count)", file: file)
            }
            return number - 1
        case .name(let name):
            guard hasHeader else {
                throw DataError(
                    .invalidArgument, "\(role): the file has no header; give '\(name)' by its number", file: file)
            }
            let found = names.indices.filter { names[$0] == name }
            guard let index = found.first else {
                let hint = names.count == 1 ? "; is the delimiter right?" : NearestName.hint(name, among: names)
                throw DataError(.invalidArgument, "\(role): there is no column '\(name)'\(hint)", file: file)
            }
            guard found.count == 1 else {
                throw DataError(
                    .invalidArgument, "\(role): \(found.count) columns are named '\(name)'; give a number", file: file)
            }
            return index
        }
    }

    /// Throws where a row does not have as many cells as the first.
    func checkWidth(_ count: Int, line: Int) throws {
        guard count != names.count else { return }
        let cells = count == 1 ? "1 cell" : "\(count) cells"
        throw DataError(
            .malformed, "the row has \(cells) where the \(hasHeader ? "header" : "first row") has \(names.count)",
            file: file, row: line)
    }
}
