/// A row of numbers as a row of bars: `▇▅▃▂▁▁`.
enum Sparkline {
    /// Columns of the longest; more numbers share columns, by their mean.
    static let width = 32

    static func text(_ values: [Double], _ style: PromptStyle) -> String {
        let bars = Array(style.isUnicode ? "▁▂▃▄▅▆▇█" : "_.-=+*#@")
        let columns = condensed(values)
        let finite = columns.filter(\.isFinite)
        guard let least = finite.min(), let most = finite.max() else {
            return String(repeating: "?", count: columns.count)
        }
        let range = most - least
        return String(
            columns.map { value in
                guard value.isFinite else { return "?" }
                // A range beyond the largest number, or none at all.
                guard range.isFinite, range > 0 else { return bars[bars.count / 2 - 1] }
                let height = ((value - least) / range * Double(bars.count - 1)).rounded()
                return bars[min(bars.count - 1, max(0, Int(height)))]
            })
    }

    private static func condensed(_ values: [Double]) -> [Double] {
        guard values.count > width else { return values }
        return (0..<width).map { column in
            let part = values[(column * values.count / width)..<((column + 1) * values.count / width)]
            return part.reduce(0, +) / Double(part.count)
        }
    }
}
