import ArgumentParser

/// `perilune repl`
struct ReplCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "repl",
        abstract: "Open the prompt; `perilune` alone in a terminal does the same.",
        discussion: """
            Lines are Lua, and what they give is shown; `?` explains. Where standard input is no terminal its lines \
            are run one after the other, also after one that fails; the exit status is then 1.
            """)

    @Flag(name: .customLong("no-init"), help: "Leave out the file init.lua of the user's configuration folder.")
    var leavesOutInit = false

    @OptionGroup(title: "Attaching")
    var attach: AttachOptions

    func run() throws {
        try PromptSession(readsInit: !leavesOutInit).run(mayAttach: !attach.isOff)
    }
}
