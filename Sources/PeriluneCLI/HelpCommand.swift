import ArgumentParser
import Perilune
import PeriluneBinding

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
            return Standard.output(PeriluneCommand.helpMessage())
        }
        let command = PeriluneCommand.configuration.subcommands.first { $0.configuration.commandName == topic }
        if let command {
            return Standard.output(PeriluneCommand.helpMessage(for: command))
        }
        let module = PeriluneModule.binding
        guard let text = module.page(topic) else {
            let commands = PeriluneCommand.configuration.subcommands.map { $0._commandName }
            throw ValidationError("There is no help on '\(topic)'\(module.hint(topic, among: commands)).")
        }
        Standard.output(text)
    }
}
