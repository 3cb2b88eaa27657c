/// The text of a progress bar.
enum ProgressLine {
    struct State {
        var batch: Int
        var steps: Int?
        var elapsed: Double
        var secondsPerStep: Double
    }

    private static let cells = 20

    /// `12/57 ━━━━━━━━━━━━━━━━━━━━ 3s 4ms/step - loss: 0.1234`, cut and padded to `width - 1` columns, so that a shorter
    /// line covers a longer one and the cursor does not wrap.
    static func bar(_ state: State, _ values: [String], width: Int) -> String {
        let isDone = state.steps.map { state.batch >= $0 } ?? false
        var text = "\(state.batch)/\(state.steps.map(String.init) ?? "?")"
        if let steps = state.steps, steps > 0 {
            let full = min(cells, state.batch * cells / steps)
            text += " " + String(repeating: "━", count: full) + String(repeating: "─", count: cells - full)
        }
        if let steps = state.steps, !isDone {
            text += " " + duration(state.secondsPerStep * Double(steps - state.batch)) + " left"
        } else {
            text += " " + duration(state.elapsed)
        }
        text += " \(stepTime(state.secondsPerStep))/step"
        for value in values { text += " - " + value }
        let room = width - 1
        return text.count > room
            ? String(text.prefix(room)) : text + String(repeating: " ", count: room - text.count)
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
        guard value.isFinite else { return "\(value)" }
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
        let power = abs(exponent) < 10 ? "0\(abs(exponent))" : "\(abs(exponent))"
        return (value < 0 ? "-" : "") + fixed(mantissa, decimals: 4) + (exponent < 0 ? "e-" : "e+") + power
    }
}
