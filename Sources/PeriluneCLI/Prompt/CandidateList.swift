/// What Tab has to choose from, in columns as a shell lists files.
enum CandidateList {
    /// More would push away what one is looking at.
    static let most = 120

    /// The candidates down the columns, as many columns as `width` has room for, each line with its end.
    static func text(_ candidates: [String], width: Int) -> String {
        let shown = candidates.prefix(most)
        let column = (shown.map(\.count).max() ?? 0) + 2
        let columns = max(1, width / column)
        let rows = (shown.count + columns - 1) / columns
        var text = ""
        for row in 0..<rows {
            var line = ""
            for index in stride(from: row, to: shown.count, by: rows) {
                line += String(repeating: " ", count: max(0, (index / rows) * column - line.count)) + shown[index]
            }
            text += line + "\n"
        }
        let left = candidates.count - shown.count
        return left > 0 ? text + "and \(left) more\n" : text
    }
}
