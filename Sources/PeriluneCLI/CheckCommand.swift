import ArgumentParser
import Perilune

/// `perilune check SCRIPT ...`
struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Look for mistakes in scripts without running them.",
        discussion: """
            Finds syntax errors, names that are defined nowhere, names that `perilune` does not have, and misspelt \
            options and events.
            """)

    @Argument(help: ArgumentHelp("The scripts to look at; - is standard input.", valueName: "script"))
    var scripts: [String]

    func run() throws {
        var findings = 0
        for script in scripts {
            findings += try ScriptCheck(ScriptSource(argument: script)).report()
        }
        if findings > 0 { throw ExitStatus.failure }
    }
}
