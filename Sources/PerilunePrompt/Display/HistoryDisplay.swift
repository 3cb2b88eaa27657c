internal import PeriluneLua
internal import PeriluneTrain

/// Histories: the last epochs as a table, and the course of each metric.
enum HistoryDisplay {
    private static let rows = 5
    /// Columns of the longest course.
    private static let bars = 32
    /// What is the same for everybody, or of no interest afterwards.
    private static let hidden: Set = ["step", "epoch_seconds", "samples_per_second"]

    static func text(_ history: History, _ style: PromptStyle) -> String {
        let count = history.epochs.count
        var head = "history: \(count) epoch\(count == 1 ? "" : "s")"
        head += RunEnding.text(history.endReason, history.stopReason)
        guard count > 0 else { return style.colored(head, .object) }
        return ([style.colored(head, .object)] + table(history, style) + courses(history, style)).joined(
            separator: "\n")
    }

    /// The last rows of the metrics that every epoch has, as many as there is room for.
    private static func table(_ history: History, _ style: PromptStyle) -> [String] {
        let shown = history.epochs.suffix(rows)
        var columns = [("epoch", shown.map { "\($0)" })]
        var width = "epoch".count
        for name in history.names where !hidden.contains(name) {
            guard let values = history[name], values.count == history.epochs.count else { continue }
            let texts = values.suffix(rows).map { ShortNumber.text($0) }
            let needed = max(name.count, texts.map(\.count).max() ?? 0) + 2
            guard width + needed <= style.width else { continue }
            width += needed
            columns.append((name, texts))
        }
        func line(_ cells: [String]) -> String {
            zip(cells, columns).map { cell, column in
                let width = max(column.0.count, column.1.map(\.count).max() ?? 0)
                return String(repeating: " ", count: width - cell.count) + cell
            }.joined(separator: "  ")
        }
        var lines = [style.colored(line(columns.map(\.0)), .key)]
        if history.epochs.count > shown.count { lines.append(style.colored("    \(style.ellipsis)", .note)) }
        for row in shown.indices { lines.append(line(columns.map { $0.1[row - shown.startIndex] })) }
        return lines
    }

    /// A line for each metric: its course, and where it began and ended.
    private static func courses(_ history: History, _ style: PromptStyle) -> [String] {
        let names = history.names.filter { !hidden.contains($0) && (history[$0]?.count ?? 0) > 1 }
        let width = names.map(\.count).max() ?? 0
        let arrow = style.isUnicode ? "→" : "->"
        return names.prefix(30).compactMap { name in
            guard let values = history[name], let first = values.first, let last = values.last else { return nil }
            let gap = String(repeating: " ", count: width - name.count + 2)
            let line = SparkBars.text(values, columns: bars, isUnicode: style.isUnicode)
            let ends = "\(ShortNumber.text(first)) \(arrow) \(ShortNumber.text(last))"
            return name + gap + style.colored(line, .number) + "  " + style.colored(ends, .note)
        }
    }
}
