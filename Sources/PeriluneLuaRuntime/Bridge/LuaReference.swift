internal import CLua
internal import CLuaBridge

/// Keeps one Lua value alive from Swift: an entry of the registry, freed when the last copy is released.
public final class LuaReference {
    let anchor: LuaAnchor
    let index: Int32

    init(anchor: LuaAnchor, index: Int32) {
        self.anchor = anchor
        self.index = index
    }

    deinit {
        if unsafe anchor.state != nil { anchor.released.append(index) }
    }

    /// The state that the value lives in, or nil once that is closed.
    package var state: LuaState? { unsafe anchor.state }
}

extension LuaState {
    /// Pops the value on top of the stack into the registry.
    func popReference() -> LuaReference {
        freeReleasedReferences()
        return LuaReference(anchor: anchor, index: unsafe luaL_ref(lua, perilune_lua_registry()))
    }

    func push(_ reference: LuaReference) {
        guard reference.anchor === anchor else { return pushNil() }
        _ = unsafe lua_rawgeti(lua, perilune_lua_registry(), lua_Integer(reference.index))
    }

    func freeReleasedReferences() {
        guard !anchor.released.isEmpty else { return }
        for index in anchor.released { unsafe luaL_unref(lua, perilune_lua_registry(), index) }
        anchor.released.removeAll(keepingCapacity: true)
    }
}
