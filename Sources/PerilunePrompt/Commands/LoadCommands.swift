internal import PeriluneItems
internal import PeriluneLuaRuntime

/// `:load FILE` and `:reload`
enum LoadCommands {
    static var load: PromptCommand {
        PromptCommand(":load", parameters: "FILE", help: "run a script; what it leaves can be used here") {
            rest, prompt in
            guard !rest.isEmpty else { throw PromptFault(":load needs a file: :load train.lua") }
            prompt.state.promptMemory.loadedFile = rest
            return try run(rest, prompt)
        }
    }

    static var reload: PromptCommand {
        PromptCommand(":reload", help: "run the script that was loaded last once more") { _, prompt in
            guard let file = prompt.state.promptMemory.loadedFile else {
                throw PromptFault("nothing was loaded yet; :load FILE does")
            }
            return try run(file, prompt)
        }
    }

    private static func run(_ path: String, _ prompt: Prompt) throws -> PromptOutcome {
        prompt.show(try prompt.state.load(path: path).run())
        return .done
    }
}
