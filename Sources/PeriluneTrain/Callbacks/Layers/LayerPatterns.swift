import PeriluneGraph
import PeriluneItems

/// Values for layers by patterns of their names: `conv*`. Where several patterns fit a layer, the one with the most
/// characters that are no wildcards counts, so that `{ ["*"] = 0.1, dense = 1 }` means what it says.
package struct LayerPatterns<Value> {
    /// The least particular first.
    private let entries: [(pattern: String, value: Value)]

    package init(_ values: [String: Value]) {
        func plain(_ pattern: String) -> Int { pattern.count { $0 != "*" && $0 != "?" } }
        entries = values.sorted { (plain($0.key), $0.key) < (plain($1.key), $1.key) }
            .map { (pattern: $0.key, value: $0.value) }
    }

    /// The values by patterns.
    package var values: [String: Value] { Dictionary(entries.map { ($0.pattern, $0.value) }) { $1 } }

    /// All of it, in one form.
    var text: String { entries.map { "\($0.pattern): \($0.value)" }.joined(separator: ", ") }

    /// The value for a layer; nil where no pattern fits.
    package subscript(layer: String) -> Value? { entries.last { Glob.matches($0.pattern, layer) }?.value }

    /// - Throws: `TrainingError` in the name of `callback` where a pattern fits none of the layers.
    package func check(_ layers: [String], for callback: String) throws(TrainingError) {
        for (pattern, _) in entries where !layers.contains(where: { Glob.matches(pattern, $0) }) {
            throw TrainingError(
                .invalidOption,
                "\(callback): no layer is called '\(pattern)'\(NearestName.hint(pattern, among: layers)); layers are "
                    + layers.joined(separator: ", "))
        }
    }
}
