internal import CLua

extension LuaState {
    /// What the script's function that called the running host function has under its own names: locals, and those of
    /// the functions around it that it uses. Copies: assigning to such a name changes nothing there.
    /// - Parameter source: the name of a text whose functions count for no callers.
    package func callerLocals(leavingOut source: String) -> [String: LuaValue] {
        balanced {
            var record = unsafe lua_Debug()
            guard unsafe lua_checkstack(lua, 8) != 0, unsafe lua_getstack(lua, 1, &record) != 0,
                unsafe lua_getinfo(lua, "lSf", &record) != 0, unsafe record.currentline > 0,
                // What is typed at a prompt may have called in its stead.
                unsafe String(cString: record.source) != "=" + source
            else { return [:] }
            let function = top
            var found: [String: LuaValue] = [:]
            unsafe take(into: &found) { unsafe lua_getupvalue(lua, function, $0) }
            // Later ones hide earlier ones of the same name, as they do in the script.
            unsafe take(into: &found) { unsafe lua_getlocal(lua, &record, $0) }
            return found
        }
    }

    /// Takes values by number until there is none: `next` pushes one and gives its name.
    private func take(into found: inout [String: LuaValue], _ next: (Int32) -> UnsafePointer<CChar>?) {
        for number in Int32(1)...255 {
            guard let name = unsafe next(number) else { return }
            let value = popValue()
            let text = unsafe String(cString: name)
            // What the compiler made for itself has no name that a script could write.
            if !text.isEmpty, !text.hasPrefix("("), text != "_ENV" { found[text] = value }
        }
    }
}
