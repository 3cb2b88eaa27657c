internal import CLua

/// Where a function of a script is written.
package struct FunctionPlace {
    package let script: String
    package let line: Int

    /// `train.lua:17: `, as messages begin.
    package var prefix: String { "\(script):\(line): " }
}

extension LuaFunction {
    /// Where the function is written; nil for functions of the host.
    package var place: FunctionPlace? {
        guard let state = reference.state else { return nil }
        return state.balanced {
            state.push(reference)
            var record = unsafe lua_Debug()
            guard unsafe lua_getinfo(state.lua, ">S", &record) != 0, unsafe record.linedefined > 0 else { return nil }
            let name = unsafe withUnsafeBytes(of: record.short_src) { bytes in
                unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            return FunctionPlace(script: name, line: unsafe Int(record.linedefined))
        }
    }
}
