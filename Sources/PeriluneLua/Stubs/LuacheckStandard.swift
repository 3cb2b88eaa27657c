/// What `luacheck --config` reads.
enum LuacheckStandard {
    static var text: String {
        let names = EventStubs.globalNames.map { "    \"\($0)\",\n" }.joined()
        return """
            \(StubFile.mark)
            -- Use: luacheck --config <this file> scripts/*.lua
            stds.perilune = {
              -- What a file of callbacks defines.
              globals = {
            \(names)  },
            }
            std = "lua54+perilune"
            -- A callback has to take the epoch to get at the logs.
            unused_args = false

            """
    }
}
