internal import CLua
internal import CLuaBridge

extension LuaState {
    /// Makes `require(name)` call `make`, once, and return its value.
    public func preload(_ name: String, _ make: @escaping (LuaState) throws -> LuaValue) throws(LuaError) {
        guard let preload = preloadTable else {
            throw LuaError(.host, "there is no `require` in this Lua state to preload \(name) for")
        }
        preload[name] = .function(makeFunction { call in [try make(call.state)] })
    }

    /// What `require` has at hand, by name; nil where there is no `require`.
    private var preloadTable: LuaTable? {
        balanced {
            push(LUA_PRELOAD_TABLE)
            _ = unsafe lua_rawget(lua, perilune_lua_registry())
            return value(at: -1).table
        }
    }

    /// Puts `directory` first where `require` looks for Lua modules: a script finds the files beside it.
    public func addModuleDirectory(_ directory: String) {
        guard let package = globals["package"].table else { return }
        let folder = directory.isEmpty ? "." : directory
        // A semicolon or a question mark would mean something else in a search path; there is no way to quote them.
        guard !folder.contains(where: { $0 == ";" || $0 == "?" }) else { return }
        let path = package["path"].string ?? ""
        package["path"] = .string("\(folder)/?.lua;\(folder)/?/init.lua" + (path.isEmpty ? "" : ";" + path))
    }

    /// Sets the global table `arg` as the lua program does: the script at 0, its arguments from 1 on.
    public func setArguments(script: String, _ arguments: [String]) {
        let table = makeTable(arguments.map { .string($0) })
        table[0] = .string(script)
        globals["arg"] = .table(table)
    }

    /// Lets `string.format` and `ipairs` take objects of the host that stand for a number or a list.
    package func addObjectFunctions() throws(LuaError) { try check(unsafe perilune_lua_add_object_functions(lua)) }

    /// Seeds `math.random`, which otherwise differs from run to run.
    public func seedRandom(_ seed: UInt64) throws(LuaError) {
        guard let seedFunction = globals["math"].table?["randomseed"].function else { return }
        try seedFunction.call(.integer(Int(bitPattern: UInt(seed))))
    }
}
