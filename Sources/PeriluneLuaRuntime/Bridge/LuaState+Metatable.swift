internal import CLua

extension LuaState {
    /// The metatable of any value, also where it is hidden from scripts.
    package func metatable(of value: LuaValue) -> LuaTable? {
        balanced {
            do { try push(value) } catch { return nil }
            return unsafe lua_getmetatable(lua, -1) != 0 ? self.value(at: -1).table : nil
        }
    }
}
