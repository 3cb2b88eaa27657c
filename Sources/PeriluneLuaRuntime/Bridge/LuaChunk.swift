internal import CLua
internal import CLuaBridge

/// A loaded piece of Lua, not yet run.
public struct LuaChunk {
    /// The chunk as a function: its arguments are the chunk's `...`.
    public let function: LuaFunction
    /// The table of the chunk's own globals, or nil where it shares the state's.
    public let environment: LuaTable?

    /// Runs the chunk and returns what it returns.
    @discardableResult
    public func run(_ arguments: [LuaValue] = []) throws(LuaError) -> [LuaValue] {
        guard let state = function.reference.state else { throw LuaError(.closed, "the Lua state is closed") }
        return try state.call(function.reference, arguments, as: PERILUNE_LUA_CHUNK)
    }

    /// Makes the chunk look its globals up in this table.
    package func setGlobals(_ table: LuaTable) {
        guard let state = function.reference.state else { return }
        state.balanced {
            state.push(function.reference)
            state.push(table.reference)
            _ = unsafe lua_setupvalue(state.lua, -2, 1)
        }
    }
}

extension LuaState {
    /// Where a chunk's globals live.
    public enum Environment: Hashable, Sendable {
        /// In the state's globals.
        case shared
        /// In a table of its own that falls back to the state's globals for reading: two callback scripts that both
        /// define `on_epoch_end` do not meet.
        case own
    }

    /// Loads a script file. A byte-order mark and a first line that starts with `#` are skipped.
    public func load(path: String, environment: Environment = .shared) throws(LuaError) -> LuaChunk {
        try chunk(environment, source: .file(path)) { () throws(LuaError) in
            unsafe path.withCString { unsafe perilune_lua_load_file(lua, $0) }
        }
    }

    /// Loads a script from standard input.
    public func loadStandardInput(environment: Environment = .shared) throws(LuaError) -> LuaChunk {
        try chunk(environment, source: .input) { () throws(LuaError) in
            unsafe perilune_lua_load_file(lua, nil)
        }
    }

    /// Loads a script from text. `name` is what messages call it, such as `train.lua` or `(command line)`; `isFile`
    /// tells that it is the path of the file that holds the text.
    public func load(
        text: String, name: String, isFile: Bool = false, environment: Environment = .shared
    ) throws(LuaError) -> LuaChunk {
        var code = LuaSource.withoutHead(text)
        return try chunk(environment, source: .text(text, name: name)) { () throws(LuaError) in
            let chunkName = (isFile ? "@" : "=") + name
            return code.withUTF8 { bytes in
                unsafe bytes.withMemoryRebound(to: CChar.self) { characters in
                    unsafe chunkName.withCString {
                        unsafe perilune_lua_load_text(lua, characters.baseAddress, characters.count, $0)
                    }
                }
            }
        }
    }

    private func chunk(
        _ environment: Environment, source: LuaSource, load: () throws(LuaError) -> Int32
    ) throws(LuaError) -> LuaChunk {
        try enter { () throws(LuaError) in
            let status = try load()
            guard status == LUA_OK else { throw loadError(status, source) }
            guard environment == .own else { return LuaChunk(function: LuaFunction(popReference()), environment: nil) }
            let globals = globals
            let own = makeTable()
            own.metatable = makeTable(["__index": .table(globals)])
            let chunk = LuaChunk(function: LuaFunction(popReference()), environment: own)
            chunk.setGlobals(own)
            return chunk
        }
    }

    private func loadError(_ status: Int32, _ source: LuaSource) -> LuaError {
        var error = popError(status)
        if error.kind == .timeLimit || error.kind == .memory, error.script == nil {  // the parser has no line to tell
            error.script = source.name
            error.message = source.name + ": " + error.message
        }
        switch status {
        case LUA_ERRSYNTAX: source.locate(&error)
        case LUA_ERRFILE: error.kind = .file
        default: break
        }
        return error
    }
}
