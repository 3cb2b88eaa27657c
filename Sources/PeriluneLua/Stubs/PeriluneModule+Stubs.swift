internal import PeriluneBinding

extension PeriluneModule {
    /// Everything that `perilune stubs` writes: definitions for the Lua language server and its settings, and the
    /// configuration of luacheck.
    public static var stubFiles: [StubFile] {
        let names = StubNames(module: binding.name)
        return [
            StubFile(path: "library/perilune.lua", text: definitions),
            StubFile(path: "library/perilune_events.lua", text: EventStubs.globals(names)),
            StubFile(path: "luacheckrc", text: LuacheckStandard.text),
            StubFile(path: ".luarc.json", text: EditorSettings.text, yields: true),
        ]
    }

    /// The module's definitions, with the types of callbacks before its `return`.
    private static var definitions: String {
        let names = StubNames(module: binding.name)
        return binding.stubs(package: packageName, mark: StubFile.mark, with: EventStubs.types(names))
    }
}
