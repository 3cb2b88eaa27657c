import PeriluneProcess

/// The text of a progress bar.
enum ProgressLine {
    struct State {
        var batch: Int
        var steps: Int?
        var elapsed: Double
        var secondsPerStep: Double
    }

    /// Columns of the bar; where numbers need the room, the fewest.
    private static let (cells, fewestCells) = (20, 5)

    /// `12/57 ━━━━━━━━━━━━━━━━━━━━ 3s 4ms/step - loss: 0.1234`, padded to `width - 1` columns, so that a shorter line
    /// covers a longer one.
    /// - Parameter isLast: whether nothing is drawn over it, so that it may be as long as it is. Others are cut,
    ///   because a cursor that wraps does not come back.
    static func bar(_ state: State, _ values: [String], width: Int, isLast: Bool = false) -> String {
        let isDone = state.steps.map { state.batch >= $0 } ?? false
        let head = "\(state.batch)/\(state.steps.map(String.init) ?? "?")"
        var tail: String
        if let steps = state.steps, !isDone {
            tail = " " + duration(state.secondsPerStep * Double(steps - state.batch)) + " left"
        } else {
            tail = " " + duration(state.elapsed)
        }
        tail += " \(stepTime(state.secondsPerStep))/step"
        for value in values { tail += " - " + value }
        let room = width - 1
        let tailWidth = TextWidth.of(tail)
        let text = head + bar(state, isLast ? cells : room - head.count - tailWidth - 1) + tail
        let width = TextWidth.of(text)
        if width < room { return text + String(repeating: " ", count: room - width) }
        return isLast ? text : TextWidth.prefix(of: text, columns: room)
    }

    /// The bar itself, in as many columns as there are.
    private static func bar(_ state: State, _ columns: Int) -> String {
        guard let steps = state.steps, steps > 0 else { return "" }
        let cells = min(cells, max(fewestCells, columns))
        let full = min(cells, state.batch * cells / steps)
        return " " + String(repeating: "━", count: full) + String(repeating: "─", count: cells - full)
    }

    /// `3s`, `2:05`, `1:00:09`.
    static func duration(_ seconds: Double) -> String {
        guard seconds.isFinite, seconds < 1e9 else { return "?" }
        guard seconds >= 10 else { return fixed(max(0, seconds), decimals: 1) + "s" }
        let whole = Int(seconds.rounded())
        guard whole >= 60 else { return "\(whole)s" }
        func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
        return whole >= 3600
            ? "\(whole / 3600):\(two(whole / 60 % 60)):\(two(whole % 60))" : "\(whole / 60):\(two(whole % 60))"
    }

    static func stepTime(_ seconds: Double) -> String {
        guard seconds.isFinite, seconds < 1e9 else { return "?" }
        if seconds >= 1 { return fixed(seconds, decimals: 1) + "s" }
        return seconds >= 1e-3
            ? "\(Int((seconds * 1e3).rounded()))ms" : "\(Int(max(0, seconds * 1e6).rounded()))us"
    }

    /// Four decimals, or a power of ten for small and very large numbers.
    static func number(_ value: Double) -> String {
        guard value.isFinite else { return value.written }
        if value == 0 { return "0.0000" }
        return abs(value) > 1e-3 && abs(value) < 1e9 ? fixed(value, decimals: 4) : scientific(value)
    }

    private static func fixed(_ value: Double, decimals: Int) -> String {
        var unit = 1
        for _ in 0..<decimals { unit *= 10 }
        let scaled = Int((abs(value) * Double(unit)).rounded())
        let fraction = String(scaled % unit)
        return (value < 0 && scaled > 0 ? "-" : "") + "\(scaled / unit)."
            + String(repeating: "0", count: decimals - fraction.count) + fraction
    }

    private static func scientific(_ value: Double) -> String {
        var (mantissa, exponent) = (abs(value), 0)
        while mantissa >= 10 { (mantissa, exponent) = (mantissa / 10, exponent + 1) }
        while mantissa < 1 { (mantissa, exponent) = (mantissa * 10, exponent - 1) }
        // With four decimals this is 10.0000.
        if mantissa >= 9.99995 { (mantissa, exponent) = (1, exponent + 1) }
        let power = abs(exponent) < 10 ? "0\(abs(exponent))" : "\(abs(exponent))"
        return (value < 0 ? "-" : "") + fixed(mantissa, decimals: 4) + (exponent < 0 ? "e-" : "e+") + power
    }
}
