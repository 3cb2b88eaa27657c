import PeriluneItems
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

    /// The options of a loss that have a value, in the order in which they are declared; none of a host program's own
    /// loss, which has no declaration.
    private static func options(of loss: any Loss) -> [String] {
        for declaration in LossCatalogue.declarations {
            guard let description = declaration.describe(loss) else { continue }
            return declaration.parameters.compactMap { parameter in
                description.options[parameter.name].map { "\(parameter.name) \(text($0))" }
            }
        }
        return []
    }

    /// A number with its point: checkpoints of earlier versions have it so.
    private static func text(_ value: OptionValue) -> String {
        switch value {
        case .number(let value): "\(value)"
        case .boolean, .integer, .text, .list, .record, .item: value.text
        }
    }
}
