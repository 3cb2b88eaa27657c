import Testing

#if canImport(Glibc)
    import Glibc
#endif

/// Only C may raise a Lua error, and only after every Swift frame is gone.
@Suite struct BridgeSourceTests {
    private static let root = #filePath.split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 }

    /// What Swift may name of Lua: functions that never raise, and those that raise for want of memory only, which
    /// they cannot while Swift runs. All others run a script or raise on purpose; those C calls, protected.
    private static let allowed: Set = [
        "lua_Debug", "lua_Integer", "lua_Number", "lua_State",
        "lua_absindex", "lua_checkstack", "lua_copy", "lua_gettop", "lua_rotate", "lua_settop", "lua_pushboolean",
        "lua_pushinteger", "lua_pushnil", "lua_pushnumber", "lua_pushthread", "lua_pushvalue", "lua_rawequal",
        "lua_rawget", "lua_rawgeti", "lua_rawgetp", "lua_rawlen", "lua_isinteger", "lua_type", "lua_typename",
        "lua_toboolean", "lua_tointegerx", "lua_tonumberx", "lua_topointer", "lua_tothread", "lua_touserdata",
        "lua_getmetatable", "lua_setmetatable", "lua_getupvalue", "lua_setupvalue", "lua_getstack", "lua_getlocal",
        "luaL_unref",
        // For want of memory:
        "lua_createtable", "lua_pushlstring", "lua_pushstring", "lua_rawset", "lua_rawseti", "lua_rawsetp",
        "lua_tolstring", "lua_getinfo", "luaL_ref",
    ]

    @Test func `No Swift source raises`() throws {
        let sources = swiftSources(Self.root + "/Sources")
        #expect(sources.count > 20)
        var importing = 0
        for source in sources {
            let text = try #require(read(source))
            // Who does not import it cannot call it.
            guard text.contains("import CLua\n") else { continue }
            importing += 1
            // Whole words: perilune_lua_next and its kin are the protected ones.
            for word in text.split(whereSeparator: { !($0.isLetter || $0.isNumber || $0 == "_") }) {
                guard word.hasPrefix("lua_") || word.hasPrefix("luaL_") else { continue }
                #expect(Self.allowed.contains(String(word)), "\(source) names \(word)")
            }
        }
        #expect(importing > 5)
    }

    private func swiftSources(_ directory: String) -> [String] {
        guard let handle = opendir(directory) else { return [] }
        defer { closedir(handle) }
        var found: [String] = []
        while let entry = readdir(handle) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name.hasPrefix(".") { continue }
            let path = directory + "/" + name
            if name.hasSuffix(".swift") { found.append(path) } else { found += swiftSources(path) }
        }
        return found
    }

    private func read(_ path: String) -> String? {
        guard let file = fopen(path, "r") else { return nil }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while case let count = fread(&buffer, 1, buffer.count, file), count > 0 { bytes += buffer.prefix(count) }
        return String(decoding: bytes, as: UTF8.self)
    }
}
