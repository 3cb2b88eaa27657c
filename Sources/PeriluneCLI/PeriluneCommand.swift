import ArgumentParser
import Glibc
import Perilune

/// The program `perilune`.
struct PeriluneCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "perilune",
        abstract: "Trains neural networks, driven by Lua scripts.",
        usage: """
            perilune SCRIPT [ARGUMENT ...]
            perilune -e CODE [ARGUMENT ...]
            perilune - < SCRIPT
            perilune [-i SCRIPT]
            perilune SUBCOMMAND ...
            """,
        discussion: """
            A script says `local lune = require "perilune"` and finds everything there; `perilune example` shows \
            some, `perilune help TOPIC` explains.
            """,
        version: version,
        subcommands: [
            RunCommand.self, ReplCommand.self, AttachCommand.self, CheckCommand.self, ExampleCommand.self,
            StubsCommand.self,
            HelpCommand.self,
        ],
        defaultSubcommand: RunCommand.self)

    static let version = "perilune \(PeriluneModule.version)"

    /// Parses the arguments, does what they say and returns the exit status.
    static func start(_ arguments: [String]) -> Int32 {
        var arguments = arguments
        if arguments.isEmpty {
            guard isatty(STDIN_FILENO) == 1 else {
                Standard.error(helpMessage())
                return ExitStatus.usage.rawValue
            }
            arguments = ["repl"]
        }
        do {
            var command = try parseAsRoot(arguments)
            try command.run()
            return ExitStatus.success.rawValue
        } catch let status as ExitStatus {
            return status.rawValue
        } catch {
            return report(error)
        }
    }

    /// Prints what the argument parser has to say: help and version to standard output, complaints to standard error.
    private static func report(_ error: any Error) -> Int32 {
        let message = fullMessage(for: error)
        guard exitCode(for: error).isSuccess else {
            Standard.error(message)
            return ExitStatus.usage.rawValue
        }
        Standard.output(message)
        return ExitStatus.success.rawValue
    }
}
