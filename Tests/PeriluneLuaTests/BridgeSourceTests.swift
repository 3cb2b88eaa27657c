import Testing

#if canImport(Glibc)
    import Glibc
#endif

/// Only C may raise a Lua error, and only after every Swift frame is gone.
@Suite struct BridgeSourceTests {
    private static let root = #filePath.split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 }

    private static let forbidden = [
        "lua_error", "luaL_error", "luaL_check", "luaL_argerror", "luaL_opt", "luaL_typeerror", "lua_callk(",
        "lua_gettable",
        "lua_settable", "lua_getfield", "lua_setfield", "lua_getglobal", "lua_setglobal", "lua_next", "lua_concat",
        "lua_arith", "lua_compare", "lua_toclose", "luaL_tolstring", "luaL_openlibs", "luaL_requiref", "luaL_len",
    ]

    @Test func `No Swift source raises`() throws {
        let sources = swiftSources(Self.root + "/Sources")
        #expect(sources.count > 20)
        for source in sources {
            let text = try #require(read(source))
            for name in Self.forbidden {
                // perilune_lua_next and its kin are the protected ones.
                let bare = text.replacing("perilune_" + name, with: "")
                #expect(!bare.contains(name), "\(source) uses \(name)")
            }
        }
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
