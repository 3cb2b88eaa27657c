internal import CLua
internal import CLuaBridge

// What tests watch to prove that nothing leaks.
extension LuaState {
    /// How many values the registry holds, without the entries that wait to be used again: of those there are as many
    /// as there ever were references at once.
    package var registryCount: Int {
        freeReleasedReferences()
        return balanced {
            unsafe lua_pushvalue(lua, perilune_lua_registry())
            var count = unsafe perilune_lua_count(lua)
            // The auxiliary library chains free entries up, from the one behind its own first ones.
            var free = lua_Integer(LUA_RIDX_LAST + 1)
            while true {
                _ = unsafe lua_rawgeti(lua, -1, free)
                free = unsafe lua_tointegerx(lua, -1, nil)
                pop()
                guard free != 0 else { return count }
                count -= 1
            }
        }
    }

    /// How many values are on the Lua stack: 0 whenever no script runs.
    package var stackHeight: Int { Int(top) }

    /// Makes allocations fail that a script asks for: the n-th from now, and those that follow, `times` of them. 0 for
    /// `n` makes none fail.
    ///
    /// One failure makes Lua collect garbage and ask again; two in a row make the error "not enough memory".
    package func failAllocation(_ n: Int, times: Int = 2) {
        guard let context = unsafe context else { return }
        unsafe context.pointee.fail_countdown = UInt64(n)
        unsafe context.pointee.fail_times = UInt64(times)
        unsafe context.pointee.failures = 0
    }

    /// How many allocations were made to fail since the last `failAllocation`.
    package var failedAllocations: Int { unsafe Int(context?.pointee.failures ?? 0) }

    /// How many errors of the host are kept on their way through Lua: none whenever no script runs.
    package var parkedErrorCount: Int { parked.count }
}
