import PeriluneNN

extension Trainer {
    /// The losses, their options and weights, in words: with another one the numbers of a run mean something else.
    ///
    ///     huber (delta 2.0), mean_squared_error, weighted 1.0, 0.5
    var lossText: String {
        let texts = losses.map { loss in
            let options = Self.options(of: loss)
            return options.isEmpty ? loss.name : "\(loss.name) (\(options.joined(separator: ", ")))"
        }
        let weights =
            lossWeights.contains { $0 != 1 } ? ["weighted " + lossWeights.map { "\($0)" }.joined(separator: ", ")] : []
        return (texts + weights).joined(separator: ", ")
    }

    /// The options of a loss that have a value: what it stores beside its name, as far as that is plain.
    private static func options(of loss: any Loss) -> [String] {
        Mirror(reflecting: loss).children.compactMap { label, value in
            guard let label, label != "name" else { return nil }
            let mirror = Mirror(reflecting: value)
            guard let plain = mirror.displayStyle == .optional ? mirror.children.first?.value : value,
                plain is Bool || plain is Int || plain is Float || plain is Double
            else { return nil }
            return "\(snakeCased(label)) \(plain)"
        }
    }

    /// `labelSmoothing` is known to users as `label_smoothing`.
    private static func snakeCased(_ name: String) -> String {
        name.reduce(into: "") { $0 += $1.isUppercase ? "_" + $1.lowercased() : String($1) }
    }
}
