internal import CLua
internal import CLuaBridge

// What tests watch to prove that nothing leaks.
extension LuaState {
    /// How many values the registry holds.
    package var registryCount: Int {
        freeReleasedReferences()
        return balanced {
            unsafe lua_pushvalue(lua, perilune_lua_registry())
            return unsafe perilune_lua_count(lua)
        }
    }

    /// How many values are on the Lua stack: 0 whenever no script runs.
    package var stackHeight: Int { Int(top) }

    /// Makes the n-th allocation from now fail that a script asks for; 0 makes none fail. Returns how many were left of
    /// the number set before.
    @discardableResult
    package func failAllocation(_ n: Int) -> Int {
        guard let context = unsafe context else { return 0 }
        let left = unsafe Int(context.pointee.fail_countdown)
        unsafe context.pointee.fail_countdown = UInt64(n)
        return left
    }
}
