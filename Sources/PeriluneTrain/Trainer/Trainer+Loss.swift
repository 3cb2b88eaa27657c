import PeriluneItems
import PeriluneNN

extension Trainer {
    /// The losses, their options and weights, in words: with another one the numbers of a run mean something else.
    ///
    ///     huber (delta 2.0), mean_squared_error, weighted 1.0, 0.5
    var lossText: String {
        let texts = losses.map { loss in
            let identity = Self.identity(of: loss) ?? ""
            return identity.isEmpty ? loss.name : "\(loss.name) (\(identity))"
        }
        let weights =
            lossWeights.contains { $0 != 1 } ? ["weighted " + lossWeights.map { "\($0)" }.joined(separator: ", ")] : []
        return (texts + weights).joined(separator: ", ")
    }

    /// The names of losses that do not say what tells them from others of their name.
    var lossesWithoutIdentity: [String] { losses.filter { Self.identity(of: $0) == nil }.map(\.name) }

    /// What tells a loss from others of its name: the options of the library's own that have a value, in the order in
    /// which they are declared, and what a host's own says of itself.
    private static func identity(of loss: any Loss) -> String? {
        for declaration in LossCatalogue.declarations {
            guard let description = declaration.describe(loss) else { continue }
            let options = declaration.parameters.compactMap { parameter in
                description.options[parameter.name].map { "\(parameter.name) \(text($0))" }
            }
            return options.joined(separator: ", ")
        }
        return loss.identity
    }

    /// A number with its point: checkpoints of earlier versions have it so.
    private static func text(_ value: OptionValue) -> String {
        switch value {
        case .number(let value): "\(value)"
        case .boolean, .integer, .text, .list, .record, .item: value.text
        }
    }
}
