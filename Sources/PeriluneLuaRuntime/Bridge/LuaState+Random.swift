internal import CLuaBridge

// Where the random numbers of `math.random` are.
extension LuaState {
    /// How many integers `math.random` keeps.
    package static let randomWords = Int(PERILUNE_LUA_RANDOM_WORDS)

    /// The integers that `math.random` keeps, `randomWords` of them; nil for a library of Lua that does not show them.
    package var mathRandom: [UInt64]? {
        var words = [UInt64](repeating: 0, count: Self.randomWords)
        let isKnown = unsafe words.withUnsafeMutableBufferPointer { buffer in
            guard let context = unsafe context, let base = buffer.baseAddress else { return false }
            return unsafe perilune_lua_get_random(context, base)
        }
        return isKnown ? words : nil
    }

    /// Makes `math.random` go on from there. Another number of integers changes nothing.
    package func setMathRandom(_ words: [UInt64]) {
        guard words.count == Self.randomWords, let context = unsafe context else { return }
        unsafe words.withUnsafeBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return }
            _ = unsafe perilune_lua_set_random(context, base)
        }
    }
}
