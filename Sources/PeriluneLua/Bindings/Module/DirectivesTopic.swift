internal import PeriluneBinding
internal import PeriluneItems
internal import PeriluneTrain

/// The page `lune.help("directives")`.
enum DirectivesTopic {
    static let text = """
        directives: what a callback returns to steer the run. Nothing goes on as before.

        A word, \(words), or a table with any of these fields:

        \(HelpText.columns(DirectiveKey.allCases.map { ($0.rawValue, $0.form.help) }))
        and any hyper-parameter of the optimizer: momentum, weight_decay, beta_1, clipnorm, …

        All callbacks of an event are asked, then what they want is done at once: any stop stops, and of several values
        the last one counts. An unknown field is an error with the nearest name.
        """

    private static var words: String { Directive.words.map { "\"\($0)\"" }.joined(separator: " or ") }
}
