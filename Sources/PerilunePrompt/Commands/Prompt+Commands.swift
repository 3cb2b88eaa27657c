internal import PeriluneItems

extension Prompt {
    /// The commands that every prompt has.
    static var ownCommands: [PromptCommand] {
        [
            PromptCommand(":help", parameters: "[name]", help: "explain a name, or show this overview") {
                rest, prompt in
                prompt.output(try prompt.helpText(rest.isEmpty ? nil : rest))
                return .done
            },
            TimeCommand.command, LoadCommands.load, LoadCommands.reload, MemoryCommand.command, WhoCommand.command,
            SaveCommand.command,
            PromptCommand(":quit", help: "leave the prompt; Ctrl-D does the same") { _, _ in .left },
        ]
    }

    /// Those of the place where the prompt is opened first.
    public var allCommands: [PromptCommand] { commands + Self.ownCommands }
}

extension PromptCommand {
    /// `:load FILE`
    var heading: String { parameters.isEmpty ? name : "\(name) \(parameters)" }
}
