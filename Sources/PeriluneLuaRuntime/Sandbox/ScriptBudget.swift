internal import CLuaBridge

/// What a script may make the host do and keep: the one object of a Lua state that counts values, bytes and time for
/// whatever crosses from Lua to Swift, or is kept for the script outside of Lua.
///
/// A *crossing* is what the host reads between two moments at which the script runs: the arguments of a call, what a
/// callback returned, the logs that it wrote, the state that goes into a checkpoint. A table that holds itself, or one
/// table many times, is small in Lua and endless to who reads it; the budget ends that. `LuaState.value(at:)`, through
/// which every value comes, counts; every loop over a table asks (`check`), and so does every host function at its end.
package final class ScriptBudget {
    private let anchor: LuaAnchor
    /// What the script may use.
    var limits: ScriptLimits
    /// What has crossed since the script last ran.
    package private(set) var crossing = Crossing()
    /// The most values that any one crossing has had so far.
    package private(set) var mostValuesRead = 0
    /// How many crossings the host is in, one inside the other; 0 where it reads on its own account.
    private var depth = 0

    private var shared: [ObjectIdentifier: WeakCharge] = [:]
    private var sharedAtLastLook = 0

    /// Called where memory is short, to give up what can be made again.
    package var whenShort: () -> Void = {}

    package struct Crossing {
        /// Values read, and about what they take in Swift, in bytes.
        var values = 0
        package var bytes = 0
        /// At so many bytes the limits are looked at.
        var nextLook = ScriptBudget.lookInterval
    }

    private struct WeakCharge {
        weak var charge: MemoryCharge?
    }

    init(_ anchor: LuaAnchor, _ limits: ScriptLimits) {
        self.anchor = anchor
        self.limits = limits
    }
}

// What crosses.
extension ScriptBudget {
    /// About what a value takes in Swift, in bytes, beside the text of a string.
    static let valueCost = 64
    /// Looking at the limits takes longer than reading a value does, so it is done once for so many bytes.
    private static let lookInterval = 128 * valueCost

    /// Counts a value that was read.
    func count(text: Int = 0) {
        crossing.values &+= 1
        crossing.bytes &+= Self.valueCost &+ text
    }

    /// Counts numbers of an array, which take no more than their eight bytes.
    func count(numbers: Int) { crossing.bytes &+= 8 &* numbers }

    /// Asked in every loop over what a script made.
    /// - Throws: `LuaError` of kind `.memory`, `.timeLimit` or `.interrupted` where the script has to end; no script
    ///   can catch that.
    func check() throws(LuaError) {
        guard crossing.bytes >= crossing.nextLook else { return }
        try look()
    }

    private func look() throws(LuaError) {
        crossing.nextLook = crossing.bytes &+ Self.lookInterval
        mostValuesRead = max(mostValuesRead, crossing.values)
        guard let state = unsafe anchor.state, let context = unsafe state.context else { return }
        try state.checkStop()
        if crossing.values > limits.values {
            throw stop(
                state, "more than \(limits.values) values in one call or result: too many, or a table within itself")
        }
        if unsafe perilune_lua_has_room(context, crossing.bytes) { return }
        collect(state)
        guard unsafe !perilune_lua_has_room(context, crossing.bytes) else { return }
        throw stop(state, nil)
    }

    /// Ends the script that runs, and says why.
    private func stop(_ state: LuaState, _ reason: String?) -> LuaError {
        state.stopScript(PERILUNE_LUA_MEMORY, reason)
    }

    /// Runs `body` as one crossing: a host function with its arguments.
    func call<Result>(_ body: () throws -> Result) throws -> Result {
        let outer = crossing
        crossing = Crossing()
        depth += 1
        defer {
            depth -= 1
            crossing = outer
        }
        let result = try body()
        mostValuesRead = max(mostValuesRead, crossing.values)
        return result
    }

    /// Runs `body`, which reads tables within tables: within a crossing a part of it, else one of its own.
    package func reading<Result>(_ body: () throws -> Result) rethrows -> Result {
        if depth == 0 { crossing = Crossing() }
        depth += 1
        defer { depth -= 1 }
        return try body()
    }

    /// Starts anew where the script has run and comes back with something else.
    func begin() { crossing = Crossing() }

    /// Starts anew where the host reads one table on its own account.
    func beginTable() {
        if depth == 0 { crossing = Crossing() }
    }
}

// What is kept.
extension ScriptBudget {
    /// Counts bytes that are about to be allocated.
    /// - Throws: `MemoryFault` where they do not fit; nothing is counted then. Swift alone can catch it: the script
    ///   ends, whatever becomes of the error.
    package func spend(_ byteCount: Int) throws(MemoryFault) {
        guard let state = unsafe anchor.state, let context = unsafe state.context else { return }
        if unsafe perilune_lua_charge(context, byteCount) { return }
        collect(state)
        if unsafe perilune_lua_charge(context, byteCount) { return }
        unsafe perilune_lua_stop_unit(context, PERILUNE_LUA_MEMORY)
        throw MemoryFault("not enough memory: the script may not have \(byteCount.bytesText) more")
    }

    /// Lua does not know how large the tensors are that no script refers to any more.
    private func collect(_ state: LuaState) {
        whenShort()
        state.collectGarbage()
    }

    /// Makes room after something was counted that could not be asked for.
    func settle() throws(MemoryFault) {
        guard let state = unsafe anchor.state, let context = unsafe state.context else { return }
        guard unsafe perilune_lua_is_over_limit(context) else { return }
        collect(state)
        guard unsafe perilune_lua_is_over_limit(context) else { return }
        unsafe perilune_lua_stop_unit(context, PERILUNE_LUA_MEMORY)
        throw MemoryFault("not enough memory for one more object")
    }

    /// Counts them as free again.
    package func giveBack(_ byteCount: Int) {
        guard let context = unsafe anchor.state?.context else { return }
        unsafe perilune_lua_discharge(context, byteCount)
    }

    /// Finds out whether there is room for something that is about to be made.
    package func requireRoom(for byteCount: Int) throws(MemoryFault) {
        try spend(byteCount)
        giveBack(byteCount)
    }

    /// Counts bytes until the result is released.
    package func charge(_ byteCount: Int) throws(MemoryFault) -> MemoryCharge { try MemoryCharge(byteCount, self) }

    /// The same for something that several objects have in common, counted once for all of them.
    package func charge(_ byteCount: Int, sharedBy identifier: ObjectIdentifier) throws(MemoryFault) -> MemoryCharge {
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

extension Int {
    /// `12 MiB`
    fileprivate var bytesText: String {
        self < 1 << 20 ? "\(self) bytes" : "\((self + (1 << 20) - 1) >> 20) MiB"
    }
}
