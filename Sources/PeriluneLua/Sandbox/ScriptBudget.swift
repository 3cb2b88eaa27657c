internal import CLuaBridge
internal import PeriluneRuntime

/// What a script may hold outside of Lua: tensors, data, weights and the memory of programs count against the limit of
/// its state.
final class ScriptBudget: MemoryBudget {
    private let anchor: LuaAnchor
    private var shared: [ObjectIdentifier: WeakCharge] = [:]

    private var sharedAtLastLook = 0

    private struct WeakCharge {
        weak var charge: MemoryCharge?
    }

    /// Called where memory is short, to give up what can be made again.
    var whenShort: () -> Void = {}

    init(_ state: LuaState) { anchor = state.anchor }

    /// The error is a catchable one to Swift alone: the script ends, whatever becomes of it.
    func take(_ byteCount: Int) throws(RuntimeError) {
        guard let state = unsafe anchor.state, let context = unsafe state.context else { return }
        if unsafe perilune_lua_charge(context, byteCount) { return }
        collect(state)
        if unsafe perilune_lua_charge(context, byteCount) { return }
        unsafe perilune_lua_stop_unit(context, PERILUNE_LUA_MEMORY)
        throw RuntimeError(
            .outOfMemory, "not enough memory: the script may not have \(byteCount.bytesText) more")
    }

    /// Lua does not know how large the tensors are that nobody refers to any more.
    private func collect(_ state: LuaState) {
        whenShort()
        state.collectGarbage()
    }

    /// Makes room after something was counted that could not be asked for.
    func settle() throws(RuntimeError) {
        guard let state = unsafe anchor.state, let context = unsafe state.context else { return }
        guard unsafe perilune_lua_is_over_limit(context) else { return }
        collect(state)
        guard unsafe perilune_lua_is_over_limit(context) else { return }
        unsafe perilune_lua_stop_unit(context, PERILUNE_LUA_MEMORY)
        throw RuntimeError(.outOfMemory, "not enough memory for one more object")
    }

    func giveBack(_ byteCount: Int) {
        guard let context = unsafe anchor.state?.context else { return }
        unsafe perilune_lua_discharge(context, byteCount)
    }

    /// Finds out whether there is room for something that is about to be made.
    func requireRoom(for byteCount: Int) throws(RuntimeError) {
        try take(byteCount)
        giveBack(byteCount)
    }

    /// Counts bytes until the result is released.
    func charge(_ byteCount: Int) throws(RuntimeError) -> MemoryCharge { try MemoryCharge(byteCount, self) }

    /// The same for something that several objects have in common, counted once for all of them.
    func charge(_ byteCount: Int, sharedBy identifier: ObjectIdentifier) throws(RuntimeError) -> MemoryCharge {
        if let known = shared[identifier]?.charge { return known }
        let made = try charge(byteCount)
        if shared.count >= 2 * sharedAtLastLook + 64 {
            shared = shared.filter { $0.value.charge != nil }
            sharedAtLastLook = shared.count
        }
        shared[identifier] = WeakCharge(charge: made)
        return made
    }
}

/// Bytes that count against a script's limit as long as this lives.
final class MemoryCharge {
    private let byteCount: Int
    private let budget: ScriptBudget

    fileprivate init(_ byteCount: Int, _ budget: ScriptBudget) throws(RuntimeError) {
        try budget.take(byteCount)
        self.byteCount = byteCount
        self.budget = budget
    }

    deinit { budget.giveBack(byteCount) }
}

/// An object that counts against a script's limit once the script holds it.
protocol MemoryHolder: AnyObject {
    /// Called whenever it is handed to a script.
    func chargeMemory(to budget: ScriptBudget) throws
}

extension Int {
    /// `12 MiB`
    fileprivate var bytesText: String {
        self < 1 << 20 ? "\(self) bytes" : "\((self + (1 << 20) - 1) >> 20) MiB"
    }
}
