import PeriluneTrain

/// Logs as a line of JSON.
///
/// JSON has no numbers that are not finite: those are the strings `NaN`, `Infinity` and `-Infinity`, which JavaScript's
/// `Number` and Python's `float` take. Counts have no fraction.
enum JSONLine {
    private static let counts: Set = ["epoch", "step", "batch", "size"]

    /// An object with the fields of `leading`, then those of the logs that are not among them.
    static func text(_ leading: KeyValuePairs<String, StateValue>, _ logs: Logs) -> String {
        var fields = leading.map { "\(JSONText.quoted($0)):\(text($1))" }
        logs.forEach { name, value in
            guard !leading.contains(where: { $0.key == name }) else { return }
            fields.append("\(JSONText.quoted(name)):\(number(value, isCount: counts.contains(name)))")
        }
        return "{" + fields.joined(separator: ",") + "}"
    }

    private static func text(_ value: StateValue) -> String {
        if case .text(let text) = value { return JSONText.quoted(text) }
        return value.number.map { number($0, isCount: value.integer != nil) } ?? "null"
    }

    private static func number(_ value: Double, isCount: Bool) -> String {
        if isCount, let count = Int(exactly: value) { return String(count) }
        if value.isFinite { return "\(value)" }
        return value.isNaN ? "\"NaN\"" : value < 0 ? "\"-Infinity\"" : "\"Infinity\""
    }
}
