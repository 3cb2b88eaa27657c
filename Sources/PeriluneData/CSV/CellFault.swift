import PeriluneItems

/// Says why a cell cannot be read, and what may help.
struct CellFault {
    private let cell: CSVCursor.Cell
    private let plan: ColumnPlan?
    private let syntax: CSVSyntax
    /// Whether it stands in the first row of values, where a word is hardly a typing mistake.
    private let isInFirstRow: Bool

    init(_ cell: CSVCursor.Cell, _ plan: ColumnPlan?, _ syntax: CSVSyntax, isInFirstRow: Bool) {
        (self.cell, self.plan, self.syntax, self.isInFirstRow) = (cell, plan, syntax, isInFirstRow)
    }

    var message: String {
        let text = cell.text
        guard cell.validText != nil else { return Self.notUTF8(text) }
        if cell.count == 0 { return "the cell is empty\(missingHint(""))" }
        switch plan?.words {
        case .fixed(let vocabulary, _): return "'\(text)' is no known class\(unknownHint(text, vocabulary))"
        case .learnt, .some(.none), nil: break
        }
        switch syntax.number(in: cell) {
        case .notFinite: return "'\(text)' is not finite\(missingHint(text))"
        case .empty, .value, .notANumber: return "'\(text)' is not a number\(hint(text))"
        }
    }

    static func notUTF8(_ text: String) -> String {
        "'\(text)' is not UTF-8 text; if it is Latin-1, say encoding = 'latin1'"
    }

    private func unknownHint(_ text: String, _ vocabulary: [String]) -> String {
        let near = NearestName.hint(text, among: vocabulary)
        return near.isEmpty ? "; unknown names the class that such words belong to" : near
    }

    private func missingHint(_ text: String) -> String {
        plan?.missing == nil ? "; missing = { fill = … } says what stands for it" : ""
    }

    private func hint(_ text: String) -> String {
        if MissingValues.usualValues.contains(text) || ["-", ".", "#N/A", "#NA", "NaT", "none", "nil"].contains(text) {
            return missingHint(text)
        }
        if text.contains(","), reads(text, decimal: ",", thousands: nil) { return "; is the decimal ','?" }
        for separator in ",. '_" where text.contains(separator) {
            let decimal: Character = separator == "." ? "," : "."
            if reads(text, decimal: decimal, thousands: separator) {
                return decimal == ","
                    ? "; are the decimal ',' and the thousands '.'?" : "; are the thousands '\(separator)'?"
            }
        }
        guard isInFirstRow else { return "" }
        return "; name the column under categories to read words as classes"
    }

    /// Whether the cell would be a number in that notation.
    private func reads(_ text: String, decimal: Character, thousands: Character?) -> Bool {
        var format = CSVFormat()
        (format.decimal, format.thousands) = (decimal, thousands)
        guard case .value = CSVSyntax(format).number(in: cell) else { return false }
        return true
    }
}
