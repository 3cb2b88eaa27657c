internal import PeriluneItems

/// A command of the prompt that is no Lua: `:time`, or `continue` in a run.
public struct PromptCommand {
    /// The word that begins the line, with its colon where it has one.
    public let name: String
    /// What follows it, as help shows it: `[n]`. Empty where nothing may follow.
    public let parameters: String
    /// One line of explanation.
    public let help: String
    /// Carries it out. Takes what follows the name, without the blanks around it; what it throws is shown.
    public let body: (_ rest: String, _ prompt: Prompt) throws -> PromptOutcome

    public init(
        _ name: String, parameters: String = "", help: String,
        body: @escaping (_ rest: String, _ prompt: Prompt) throws -> PromptOutcome
    ) {
        self.name = name
        self.parameters = parameters
        self.help = help
        self.body = body
    }
}
