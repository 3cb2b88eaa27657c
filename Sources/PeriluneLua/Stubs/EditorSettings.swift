/// What the Lua language server reads in the folder that an editor opens.
enum EditorSettings {
    static var text: String {
        let globals = EventStubs.globalNames.map { "\"\($0)\"" }.joined(separator: ", ")
        return """
            {
              "//": "\(StubFile.mark.dropFirst(3))",
              "runtime.version": "Lua 5.4",
              "workspace.library": ["library"],
              "diagnostics.globals": [\(globals)]
            }

            """
    }
}
