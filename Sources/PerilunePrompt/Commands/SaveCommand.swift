internal import Glibc
internal import PeriluneItems
internal import PeriluneLuaRuntime

/// `:save FILE`
enum SaveCommand {
    static var command: PromptCommand {
        PromptCommand(
            ":save", parameters: "FILE",
            help: "write what was typed to a new file: statements as they are, the rest as comments"
        ) { rest, prompt in
            guard !rest.isEmpty else { throw PromptFault(":save needs a file: :save session.lua") }
            let inputs = prompt.state.promptMemory.inputs
            let lines = inputs.map { isStatement($0, prompt.state) ? $0 : commented($0) }
            let head = "local lune = require \"perilune\"\n"
            try write(head + lines.map { $0 + "\n" }.joined(), to: rest)
            prompt.output("\(inputs.count) inputs written to \(rest)\n")
            return .done
        }
    }

    private static func isStatement(_ input: String, _ state: LuaState) -> Bool {
        !input.hasPrefix("#") && (try? state.load(text: input, name: PromptTrace.name)) != nil
    }

    private static func commented(_ input: String) -> String {
        input.split(separator: "\n", omittingEmptySubsequences: false).map { "-- " + $0 }.joined(separator: "\n")
    }

    private static func write(_ text: String, to path: String) throws {
        // An existing file may hold work that is needed.
        guard let file = unsafe fopen(path, "wx") else {
            throw PromptFault("cannot write \(path): \(unsafe String(cString: strerror(errno)))")
        }
        let bytes = Array(text.utf8)
        let written = unsafe fwrite(bytes, 1, bytes.count, file)
        guard unsafe fclose(file) == 0, written == bytes.count else {
            throw PromptFault("cannot write \(path): \(unsafe String(cString: strerror(errno)))")
        }
    }
}
