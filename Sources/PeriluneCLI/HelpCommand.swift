import ArgumentParser
import Perilune

/// `perilune help [TOPIC]`
struct HelpCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "help",
        abstract: "Explain a function, a method, a topic or a subcommand.",
        discussion: "For example: perilune help dense, perilune help model:fit, perilune help events.")

    @Argument(help: ArgumentHelp("What to explain.", valueName: "topic"))
    var topics: [String] = []

    func run() throws {
        guard let topic = topics.first else {
            Standard.output(PeriluneCommand.helpMessage())
            return
        }
        let command = PeriluneCommand.configuration.subcommands.first { $0.configuration.commandName == topic }
        if let command {
            Standard.output(PeriluneCommand.helpMessage(for: command))
            return
        }
        Standard.output(topic)
    }
}
