import ArgumentParser

/// `perilune example [NAME]`
struct ExampleCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "example",
        abstract: "List, show or run the example scripts that come with the program.",
        discussion: "To make one your own: perilune example xor > xor.lua")

    @Argument(help: ArgumentHelp("The example to print; without it, all are listed.", valueName: "name"))
    var name: String?

    @Flag(name: [.customShort("r"), .customLong("run")], help: "Run the example instead of printing it.")
    var isToRun = false

    func run() throws {
        guard let name else {
            let width = Example.all.map(\.name.count).max() ?? 0
            for example in Example.all {
                let gap = String(repeating: " ", count: width - example.name.count + 2)
                Standard.output(example.name + gap + example.summary)
            }
            return
        }
        guard let example = Example.all.first(where: { $0.name == name }) else {
            let names = Example.all.map(\.name).joined(separator: ", ")
            throw ValidationError("There is no example '\(name)'. The examples are: \(names).")
        }
        if isToRun {
            try ScriptRunner(source: .code(example.text, name: example.name + ".lua")).run()
        } else {
            Standard.output(example.text)
        }
    }
}
