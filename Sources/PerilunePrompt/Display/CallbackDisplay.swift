internal import PeriluneTrain

/// Callbacks: what they tell of their last run.
enum CallbackDisplay {
    static func text(_ callback: any Callback, _ style: PromptStyle) -> String {
        let report = callback.report.sorted { $0.key < $1.key }
        let width = report.map(\.key.count).max() ?? 0
        let rows = report.map { name, value in
            "  \(name)\(String(repeating: " ", count: width - name.count + 2))\(text(value, style))"
        }
        return ([style.colored("callback \(callback.name)", .object)] + rows).joined(separator: "\n")
    }

    private static func text(_ value: StateValue, _ style: PromptStyle) -> String {
        switch value {
        case .null: style.colored("nil", .word)
        case .boolean(let value): style.colored("\(value)", .word)
        case .integer(let value): style.colored("\(value)", .number)
        case .number(let value): style.colored(ShortNumber.text(value), .number)
        case .text(let text) where text.contains("\n"): style.colored("a text of several lines: print it", .note)
        case .text(let text): text
        case .bytes(let bytes): style.colored("\(bytes.count) bytes", .note)
        case .tensor: style.colored("a tensor", .note)
        case .list(let values):
            values.count <= 3
                ? "{" + values.map { text($0, style) }.joined(separator: ", ") + "}"
                : style.colored("a list of \(values.count)", .note)
        case .record(let fields):
            "{"
                + fields.sorted { $0.key < $1.key }.map { "\($0.key) = \(text($0.value, style))" }.joined(
                    separator: ", ") + "}"
        case .pairs(let pairs): style.colored("a table of \(pairs.count)", .note)
        }
    }
}
