internal import PeriluneLuaRuntime

/// Tables in Lua's notation: `{1, 2, name = "x"}`, on one line where there is room, indented where not.
struct TableText {
    private let printer: ValuePrinter
    private var style: PromptStyle { printer.style }

    init(_ printer: ValuePrinter) {
        self.printer = printer
    }

    /// Tables further down are shown as `{…}`.
    private static let depth = 4
    /// Entries of the table that was asked for, and of those within it.
    private static let outerEntries = 100
    private static let innerEntries = 30
    /// Values of all of them together.
    private static let budget = 400
    private static let indent = 2

    /// What is to be laid out.
    private indirect enum Node {
        case leaf(ValuePrinter.Leaf)
        /// Its entries with the texts of their keys, and the width of all on one line.
        case table([(key: String, value: Node)], width: Int)

        var width: Int {
            switch self {
            case .leaf(let leaf): leaf.text.count
            case .table(_, let width): width
            }
        }

        var isFilledTable: Bool {
            if case .table(let entries, _) = self { !entries.isEmpty } else { false }
        }
    }

    func text(_ table: LuaTable) -> String {
        var left = Self.budget
        return laidOut(node(table, above: [], &left), column: 0)
    }

    // MARK: What is shown

    private func node(_ table: LuaTable, above: [LuaTable], _ left: inout Int) -> Node {
        let limit = above.isEmpty ? Self.outerEntries : Self.innerEntries
        let sample = TableSample(table, elements: min(limit, max(0, left)), fields: min(limit / 2, max(0, left)))
        left -= sample.elements.count + sample.fields.count
        var entries: [(key: String, value: Node)] = []
        let inner = above + [table]
        for element in sample.elements { entries.append(("", node(element, above: inner, &left))) }
        if sample.elementsLeft > 0 { entries.append(more(sample.elementsLeft)) }
        for (key, value) in sample.fields { entries.append((text(ofKey: key), node(value, above: inner, &left))) }
        if sample.fieldsLeft > 0 { entries.append(more(sample.fieldsLeft)) }
        let inside = entries.reduce(0) { $0 + ($1.key.isEmpty ? 0 : $1.key.count + 3) + $1.value.width + 2 }
        return .table(entries, width: max(2, inside))
    }

    private func node(_ value: LuaValue, above: [LuaTable], _ left: inout Int) -> Node {
        guard let table = value.table, printer.described(table) == nil else {
            return .leaf(printer.leaf(value, isNested: true))
        }
        if above.contains(where: { $0.reference.isSame(as: table.reference) }) { return note("<cycle>") }
        if table.isEmpty { return .table([], width: 2) }
        if above.count >= Self.depth || left <= 0 { return note("{\(style.ellipsis)}") }
        return node(table, above: above, &left)
    }

    private func more(_ count: Int) -> (key: String, value: Node) {
        ("", note("\(style.ellipsis) \(ShortNumber.grouped(count)) more"))
    }

    private func note(_ text: String) -> Node { .leaf(.init(text: text, role: .note)) }

    private func text(ofKey key: LuaValue) -> String {
        if let name = key.string, name.utf8.count <= ValuePrinter.shortString, LuaQuoted.isName(name) { return name }
        return "[\(printer.leaf(key, isNested: true).text)]"
    }

    // MARK: Layout

    private func laidOut(_ node: Node, column: Int) -> String {
        switch node {
        case .leaf(let leaf): return printer.colored(leaf)
        case .table(let entries, let width):
            if entries.isEmpty { return "{}" }
            // A closing brace and a comma may follow.
            if column + width + 2 <= style.width { return "{" + entries.map(flat).joined(separator: ", ") + "}" }
            return broken(entries, column: column)
        }
    }

    private func flat(_ entry: (key: String, value: Node)) -> String {
        keyText(entry.key) + laidOut(entry.value, column: .min / 2)
    }

    private func keyText(_ key: String) -> String {
        key.isEmpty ? "" : style.colored(key, .key) + " = "
    }

    /// Each field on a line of its own; elements share lines as long as they fit.
    private func broken(_ entries: [(key: String, value: Node)], column: Int) -> String {
        let inner = column + Self.indent
        let blank = String(repeating: " ", count: inner)
        var lines: [String] = []
        var row = ""
        var rowWidth = 0
        func endRow() {
            if !row.isEmpty { lines.append(blank + row) }
            (row, rowWidth) = ("", 0)
        }
        for entry in entries {
            let isShort =
                entry.key.isEmpty && entry.value.width + inner + 1 <= style.width && !entry.value.isFilledTable
            if isShort {
                let needed = entry.value.width + 2
                if inner + rowWidth + needed > style.width { endRow() }
                row += (row.isEmpty ? "" : " ") + laidOut(entry.value, column: inner) + ","
                rowWidth += needed
            } else {
                endRow()
                let start = inner + (entry.key.isEmpty ? 0 : entry.key.count + 3)
                let fits = start + entry.value.width + 1 <= style.width
                lines.append(
                    blank + keyText(entry.key) + laidOut(entry.value, column: fits ? start : inner) + ",")
            }
        }
        endRow()
        return "{\n" + lines.joined(separator: "\n") + "\n" + String(repeating: " ", count: column) + "}"
    }
}
