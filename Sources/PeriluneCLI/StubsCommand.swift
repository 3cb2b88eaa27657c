import ArgumentParser
import Perilune

/// `perilune stubs DIR`
struct StubsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stubs",
        abstract: "Write what editors and luacheck need to know of `perilune`.",
        discussion: """
            Makes the folder where it is not there, and writes definitions for the Lua language server (library/), its \
            settings (.luarc.json) and a configuration of luacheck (luacheckrc). Files of its own from before are \
            replaced; others are left alone. Give the folder that the editor opens, or name its library folder in \
            the editor's `workspace.library`.

            luacheck --config DIR/luacheckrc train.lua
            """)

    @Argument(help: ArgumentHelp("The folder to write to.", valueName: "dir"))
    var directory: String

    func run() throws {
        let folder = StubFolder(path: directory)
        do {
            for line in try folder.write(PeriluneModule.stubFiles) { Standard.output(line) }
        } catch {
            Standard.error("perilune: \(error)")
            throw ExitStatus.failure
        }
    }
}
