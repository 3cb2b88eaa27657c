/// A row of numbers as a row of small bars, from the lowest to the highest of them: `█▅▃▂▁`.
package enum SparkBars {
    /// - Parameters:
    ///   - columns: the most bars; more numbers share bars, by their mean.
    ///   - isUnicode: whether to use block characters; otherwise ASCII.
    /// - Returns: a character a bar, `?` where a number is not finite. Numbers that are all the same are low bars.
    package static func text(_ values: [Double], columns: Int, isUnicode: Bool) -> String {
        let bars = Array(isUnicode ? "▁▂▃▄▅▆▇█" : "_.-=+*#@")
        let shown = condensed(values, to: max(1, columns))
        let finite = shown.filter(\.isFinite)
        guard let least = finite.min(), let most = finite.max() else {
            return String(repeating: "?", count: shown.count)
        }
        return String(
            shown.map { value in
                guard value.isFinite else { return "?" }
                // Halves, so that the distance of the largest numbers is one.
                let share = most > least ? (value / 2 - least / 2) / (most / 2 - least / 2) : 0
                return bars[min(bars.count - 1, max(0, Int((share * Double(bars.count - 1)).rounded())))]
            })
    }

    private static func condensed(_ values: [Double], to columns: Int) -> [Double] {
        guard values.count > columns else { return values }
        return (0..<columns).map { column in
            let part = values[(column * values.count / columns)..<((column + 1) * values.count / columns)]
            let mean = part.reduce(0) { $0 + $1 / Double(part.count) }
            // Rounding takes the mean of equal numbers off them, and a bar shows that as if it were something.
            guard mean.isFinite, let least = part.min(), let most = part.max() else { return mean }
            return min(most, max(least, mean))
        }
    }
}
