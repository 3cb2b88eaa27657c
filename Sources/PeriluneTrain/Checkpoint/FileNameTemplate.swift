import Glibc
import PeriluneGraph
import PeriluneItems

/// A file name with places for numbers, as Keras has them: `best-{epoch:02d}-{val_loss:.2f}.safetensors`.
///
/// A place is `{name}` or `{name:format}`; a format is `d` for a whole number, `f` or `e` for others, with a width
/// (`02d`) or a number of decimals (`.4f`).
struct FileNameTemplate: Hashable, Sendable {
    private enum Part: Hashable, Sendable {
        case text(String)
        case place(name: String, format: Format)
    }

    private struct Format: Hashable, Sendable {
        var zeros = false
        var width = 0
        var decimals: Int?
        var kind: Character?
    }

    let text: String
    private let parts: [Part]

    /// - Throws: `TrainingError` in the name of `callback` where a brace is not closed or a format makes no sense.
    init(_ text: String, for callback: String) throws(TrainingError) {
        self.text = text
        var parts: [Part] = []
        var rest = text[...]
        while let open = rest.firstIndex(where: { $0 == "{" || $0 == "}" }) {
            let inside = rest[rest.index(after: open)...]
            guard rest[open] == "{", let close = inside.firstIndex(of: "}") else {
                throw TrainingError(.invalidOption, "\(callback): a brace in '\(text)' has no partner")
            }
            parts.append(.text(String(rest[..<open])))
            let pieces = inside[..<close].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            guard let format = Self.format(pieces.count > 1 ? pieces[1] : "") else {
                throw TrainingError(
                    .invalidOption,
                    "\(callback): '{\(inside[..<close])}' in '\(text)': formats are such as 02d, .4f and .2e")
            }
            parts.append(.place(name: String(pieces[0]), format: format))
            rest = inside[inside.index(after: close)...]
        }
        self.parts = parts + [.text(String(rest))]
    }

    /// The names of the places.
    var names: [String] {
        parts.compactMap { part in
            if case .place(let name, _) = part { name } else { nil }
        }
    }

    /// - Throws: `TrainingError` in the name of `callback` for a place that is none of `known`, with the nearest name.
    func check(_ known: [String], for callback: String) throws(TrainingError) {
        for name in names where !known.contains(name) {
            let hint = NearestName.hint(name, among: known)
            throw TrainingError(
                .invalidOption,
                "\(callback): '{\(name)}' in '\(text)' is nothing that this run has"
                    + (hint.isEmpty ? "; it has \(known.joined(separator: ", "))" : hint))
        }
    }

    /// The name with its places filled; `NA` where there is no value.
    func filled(_ value: (String) -> Double?) -> String {
        parts.map { part in
            switch part {
            case .text(let text): text
            case .place(let name, let format): value(name).map { Self.text($0, format) } ?? "NA"
            }
        }.joined()
    }

    private static func format(_ text: Substring) -> Format? {
        var format = Format()
        var rest = text
        format.zeros = rest.first == "0"
        let width = rest.prefix { $0.isNumber }
        guard width.count <= 2 else { return nil }
        format.width = Int(width) ?? 0
        rest = rest.dropFirst(width.count)
        if rest.first == "." {
            let decimals = rest.dropFirst().prefix { $0.isNumber }
            guard let count = Int(decimals), count <= 20 else { return nil }
            format.decimals = count
            rest = rest.dropFirst(1 + decimals.count)
        }
        guard rest.isEmpty || ["d", "f", "e"].contains(rest), rest != "d" || format.decimals == nil else { return nil }
        format.kind = rest.first
        return format
    }

    private static func text(_ value: Double, _ format: Format) -> String {
        var digits: String
        switch format.kind {
        case "f", "e": digits = printed(value, format.decimals ?? 6, scientific: format.kind == "e")
        case _ where format.decimals != nil: digits = printed(value, format.decimals ?? 6, scientific: false)
        case _:
            digits =
                Int(exactly: value.rounded()).flatMap { Double($0) == value || format.kind != nil ? "\($0)" : nil }
                ?? "\(value)"
        }
        let padding = max(0, format.width - digits.count)
        if padding > 0 { digits = String(repeating: format.zeros ? "0" : " ", count: padding) + digits }
        return digits
    }

    private static func printed(_ value: Double, _ decimals: Int, scientific: Bool) -> String {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 400) { buffer in
            withVaList([Int32(decimals), value]) { arguments in
                _ = vsnprintf(buffer.baseAddress, buffer.count, scientific ? "%.*e" : "%.*f", arguments)
            }
            return buffer.baseAddress.map { String(cString: $0) } ?? ""
        }
    }
}
