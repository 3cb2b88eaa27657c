extension ParameterType {
    /// What messages and help call the type: `integer of at least 1`, `'same' or 'valid'`, `tensor`.
    public var text: String { text(mostNames: 10) }

    /// The same with every name of a long enumeration, for help.
    public var fullText: String { text(mostNames: .max) }

    private func text(mostNames: Int) -> String {
        switch self {
        case .any: "value"
        case .boolean: "boolean"
        case .whole(let range): Self.text(of: range)
        case .real(let range): range.text
        case .string: "string"
        case .catalogue(let kind, _): "name of \("aeiou".contains(kind.prefix(1)) ? "an" : "a") \(kind)"
        case .function: "function"
        case .table, .shaped: "table"
        case .list(let element, let count): Self.text(ofListOf: element, count)
        case .map(let value): "table of named \(value.plural)"
        case .record(let fields): "table with \(fields.map { "'\($0.name)'" }.joined(separator: ", "))"
        case .host(let name): name
        case .union, .enumeration: Self.alternatives(alternatives(mostNames))
        case .named(let name, _): name
        case .tuple(let types): "list of \(types.map(\.text).joined(separator: ", "))"
        }
    }

    /// Several of them: `integers of at least 1`.
    var plural: String {
        switch self {
        case .any: "values"
        case .union, .enumeration, .tuple, .record: "(\(text))"
        default:
            text.firstIndex(of: " ").map { text[..<$0] + "s" + text[$0...] } ?? text + "s"
        }
    }

    private static func text(of range: ClosedRange<Int>) -> String {
        // Bounds that no declaration set say nothing.
        let lowest = range.lowerBound == -mostWhole ? Int.min : range.lowerBound
        let highest = range.upperBound == mostWhole ? Int.max : range.upperBound
        return switch (lowest, highest) {
        case (.min, .max): "integer"
        case (let lowest, .max): "integer of at least \(lowest)"
        case (.min, let highest): "integer of at most \(highest)"
        case (let lowest, let highest): "integer from \(lowest) to \(highest)"
        }
    }

    private static func text(ofListOf element: ParameterType, _ count: ClosedRange<Int>) -> String {
        switch (count.lowerBound, count.upperBound) {
        case (0, .max): "list of \(element.plural)"
        case (let lowest, .max): "list of at least \(lowest) \(element.plural)"
        case (let lowest, let highest) where lowest == highest: "list of \(lowest) \(element.plural)"
        case (let lowest, let highest): "list of \(lowest) to \(highest) \(element.plural)"
        }
    }

    /// The parts of "a, b or c".
    private func alternatives(_ mostNames: Int) -> [String] {
        switch self {
        case .union(let types): types.flatMap { $0.alternatives(mostNames) }
        case .enumeration(let names) where names.count > mostNames:
            names.prefix(mostNames - 1).map { "'\($0)'" } + ["\(names.count - mostNames + 1) other names"]
        case .enumeration(let names): names.map { "'\($0)'" }
        default: [text(mostNames: mostNames)]
        }
    }

    /// `a, b or c`.
    static func alternatives(_ texts: [String]) -> String {
        guard let last = texts.last, texts.count > 1 else { return texts.first ?? "nothing" }
        return texts.dropLast().joined(separator: ", ") + " or " + last
    }
}

extension ParameterType {
    /// The catalogues whose names can stand here: kinds with their names, each kind once.
    public var catalogues: [(kind: String, names: [String])] {
        var found: [(kind: String, names: [String])] = []
        collectCatalogues(into: &found)
        return found
    }

    private func collectCatalogues(into found: inout [(kind: String, names: [String])]) {
        switch self {
        case .any, .boolean, .whole, .real, .string, .enumeration, .function, .table, .shaped, .host: return
        case .catalogue(let kind, let names):
            if !found.contains(where: { $0.kind == kind }) { found.append((kind, names)) }
        case .list(let type, _), .map(let type), .named(_, let type): type.collectCatalogues(into: &found)
        case .union(let types), .tuple(let types): for type in types { type.collectCatalogues(into: &found) }
        case .record(let fields): for field in fields { field.type.collectCatalogues(into: &found) }
        }
    }
}
