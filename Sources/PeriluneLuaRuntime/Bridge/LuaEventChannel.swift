internal import CLua
internal import CLuaBridge

/// The fast path from a loop of the host to functions of a script that handle its events.
///
/// One channel serves one kind of event with one set of log keys. For each event: write the numbers, call `begin`, then
/// `send` to each handler in turn. All handlers of an event see the same logs table, made fresh for it. A handler that
/// returns nil costs no Swift allocation. An event that runs inside a handler of another one needs its own channel.
///
///     let channel = try LuaEventChannel(state, keys: ["loss", "lr", "step"], integers: ["step"], run: run)
///     channel[0] = loss
///     channel.begin()
///     if let directive = try channel.send(to: handler, index: batch) { … }
///     if channel.hasChanges { … try channel.changes() … }
@safe public final class LuaEventChannel {
    /// The log keys, in the order of the numbers.
    public let keys: [String]
    /// Whether a handler wrote to the logs since `begin`, or failed and may have, or the logs were set with `setLog`.
    public private(set) var hasChanges = false

    private let anchor: LuaAnchor
    /// What C reads, and the registry entries named in it, which live as long as the channel.
    private let event: UnsafeMutablePointer<perilune_lua_event>
    private var references: [LuaReference] = []
    private let slot: LuaReference
    /// Keeps the entry of `run` alive.
    private let run: LuaReference

    /// A channel for events with these log keys, of which `integers` are passed as Lua integers. `run` is the object
    /// passed after the logs.
    public init(_ state: LuaState, keys: [String], integers: Set<String> = [], run: LuaValue = .nil) throws(LuaError) {
        guard !state.isClosed else { throw LuaError(.closed, "the Lua state is closed") }
        guard let event = unsafe perilune_lua_new_event(Int32(keys.count)) else {
            throw LuaError(.memory, "not enough memory for an event's logs")
        }
        self.keys = keys
        unsafe self.event = event
        anchor = state.anchor
        // A placeholder, so that the slot is an entry of its own.
        state.push(0)
        slot = state.popReference()
        do {
            try state.push(run)
        } catch {
            state.push(0)
            self.run = state.popReference()
            throw error
        }
        self.run = state.popReference()
        for (i, key) in keys.enumerated() {
            state.push(key)
            unsafe perilune_lua_set_event_key(state.lua, event, Int32(i), integers.contains(key))
            unsafe references.append(LuaReference(anchor: anchor, index: event.pointee.key_refs[i]))
        }
        unsafe event.pointee.logs_slot = slot.index
        unsafe event.pointee.run = self.run.index
        unsafe event.pointee.fresh = true
    }

    deinit {
        unsafe perilune_lua_free_event(event)
    }

    /// The number of the key at that position, for the coming event.
    public subscript(position: Int) -> Double {
        get {
            precondition(keys.indices.contains(position), "no such log")
            return unsafe event.pointee.values[position]
        }
        set {
            precondition(keys.indices.contains(position), "no such log")
            unsafe event.pointee.values[position] = newValue
        }
    }

    /// Starts a new event with these numbers, one for each key.
    public func begin(_ numbers: [Double]) {
        precondition(numbers.count == keys.count, "a number for each key")
        unsafe numbers.withUnsafeBufferPointer { source in
            unsafe event.pointee.values.update(from: source.baseAddress.unsafelyUnwrapped, count: source.count)
        }
        begin()
    }

    /// Starts a new event with the numbers written.
    public func begin() {
        unsafe event.pointee.fresh = true
        hasChanges = false
    }

    /// Calls a handler as `handler([self,] [index,] logs, run)`. Returns what it returned, or nil for nil.
    /// - Parameter isWatched: whether to find out if it wrote to the logs, which takes a third of the time.
    public func send(
        to handler: LuaEventHandler, index: Int? = nil, isWatched: Bool = true
    ) throws(LuaError) -> LuaValue? {
        guard let state = unsafe anchor.state else { throw LuaError(.closed, "the Lua state is closed") }
        if !anchor.released.isEmpty { state.freeReleasedReferences() }
        unsafe event.pointee.function = handler.function.index
        unsafe event.pointee.`self` = handler.receiver?.index ?? LUA_NOREF
        unsafe event.pointee.has_index = index != nil
        unsafe event.pointee.watched = isWatched
        unsafe event.pointee.index = lua_Integer(index ?? 0)
        let status = unsafe state.callEvent(event)
        unsafe event.pointee.fresh = false
        if unsafe event.pointee.changed { hasChanges = true }
        if status == LUA_OK { return nil }
        if status != LUA_YIELD { hasChanges = true }
        return try state.finishEvent(status)
    }

    /// The logs table of the running event as the handlers see it; made now where no handler was called yet.
    public func logs() throws(LuaError) -> LuaTable {
        guard let state = unsafe anchor.state else { throw LuaError(.closed, "the Lua state is closed") }
        if unsafe event.pointee.fresh {
            try state.check(unsafe perilune_lua_make_logs(state.lua, event))
            unsafe event.pointee.fresh = false
        }
        return state.balanced {
            state.push(slot)
            return state.value(at: -1).table ?? state.makeTable()
        }
    }

    /// Writes to the logs of the running event from Swift; handlers called after this see it.
    public func setLog(_ key: String, _ value: LuaValue) throws(LuaError) {
        try logs()[key] = value
        hasChanges = true
    }

    /// What the handlers wrote: keys whose value is new or different, sorted, with nil for keys that were removed.
    public func changes() throws(LuaError) -> [(key: String, value: LuaValue)] {
        guard hasChanges else { return [] }
        let table = try logs()
        var changes = try table.fields.filter { field in
            guard let i = keys.firstIndex(of: field.name), let number = field.value.number else { return true }
            return number != self[i] && !(number.isNaN && self[i].isNaN)
        }.map { (key: $0.name, value: $0.value) }
        changes += keys.filter { table[$0].isNil }.map { (key: $0, value: .nil) }
        return changes.sorted { $0.key < $1.key }
    }
}
