internal import CLua
internal import CLuaBridge

/// The fast path from the training loop to callbacks written in Lua.
///
/// One channel serves one kind of event with one set of log keys. For each event: write the numbers with `values`, call
/// `begin`, then `send` to each handler in turn. All handlers of an event see the same logs table, made fresh for it. A
/// handler that returns nil costs no Swift allocation.
///
///     let channel = LuaEventChannel(state, keys: ["loss", "lr", "step"], integers: ["step"], run: run)
///     channel.values[0] = loss; channel.values[1] = rate; channel.values[2] = Double(step)
///     channel.begin()
///     if let directive = try channel.send(to: handler, index: batch) { … }
///     if channel.hasChanges { … channel.logs() … }
@safe public final class LuaEventChannel {
    /// The log keys, in the order of `values`.
    public let keys: [String]
    /// The numbers of the coming event, in the order of `keys`.
    public var values: [Double]
    /// Whether a handler wrote to the logs since `begin`, or the logs were set with `setLog`.
    public private(set) var hasChanges = false

    private let anchor: LuaAnchor
    private let references: [LuaReference]
    private let addresses: UnsafeMutablePointer<UnsafePointer<CChar>?>
    private let referenceIndices: [Int32]
    private let integral: [Bool]
    private let slot: LuaReference
    private let run: LuaReference?
    private var isFresh = true

    /// A channel for events with these log keys, of which `integers` are passed as Lua integers. `run` is the object
    /// passed after the logs.
    public init(_ state: LuaState, keys: [String], integers: Set<String> = [], run: LuaValue = .nil) throws(LuaError) {
        self.keys = keys
        values = [Double](repeating: 0, count: keys.count)
        anchor = state.anchor
        integral = keys.map(integers.contains)
        unsafe addresses = .allocate(capacity: max(1, keys.count))
        unsafe addresses.initialize(repeating: nil, count: max(1, keys.count))
        var references: [LuaReference] = []
        for (i, key) in keys.enumerated() {
            // The string stays where it is as long as the registry holds it.
            state.push(key)
            unsafe addresses[i] = lua_tolstring(state.lua, -1, nil)
            references.append(state.popReference())
        }
        self.references = references
        referenceIndices = references.map(\.index)
        state.push(0)
        slot = state.popReference()
        if run.isNil {
            self.run = nil
        } else {
            try state.push(run)
            self.run = state.popReference()
        }
    }

    deinit {
        unsafe addresses.deallocate()
    }

    /// Starts a new event with the numbers in `values`.
    public func begin() {
        isFresh = true
        hasChanges = false
    }

    /// Calls a handler as `handler([self,] [index,] logs, run)`. Returns what it returned, or nil for nil.
    public func send(to handler: LuaEventHandler, index: Int? = nil) throws(LuaError) -> LuaValue? {
        guard let state = unsafe anchor.state else { throw LuaError(.closed, "the Lua state is closed") }
        if !state.anchor.released.isEmpty { state.freeReleasedReferences() }
        return try unsafe withEvent(handler, index) { (event) throws(LuaError) in
            let status = unsafe state.callEvent(&event)
            isFresh = false
            if unsafe event.changed { hasChanges = true }
            return try state.finish(status)
        }
    }

    /// The logs table of the running event as the handlers see it; made now where no handler was called yet.
    public func logs() throws(LuaError) -> LuaTable {
        guard let state = unsafe anchor.state else { throw LuaError(.closed, "the Lua state is closed") }
        if isFresh {
            try unsafe withEvent(nil, nil) { (event) throws(LuaError) in
                try state.check(unsafe perilune_lua_make_logs(state.lua, &event))
            }
            isFresh = false
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
        var changes = table.fields.filter { field in
            guard let i = keys.firstIndex(of: field.name) else { return true }
            guard let number = field.value.number else { return true }
            return number != values[i] && !(number.isNaN && values[i].isNaN)
        }.map { (key: $0.name, value: $0.value) }
        changes += keys.filter { table[$0].isNil }.map { (key: $0, value: .nil) }
        return changes.sorted { $0.key < $1.key }
    }

    private func withEvent<Result>(
        _ handler: LuaEventHandler?, _ index: Int?,
        _ body: (inout perilune_lua_event) throws(LuaError) -> Result
    ) throws(LuaError) -> Result {
        var event = unsafe perilune_lua_event()
        unsafe event.function = handler?.function.index ?? LUA_NOREF
        unsafe event.`self` = handler?.receiver?.index ?? LUA_NOREF
        unsafe event.run = run?.index ?? LUA_NOREF
        unsafe event.logs_slot = slot.index
        unsafe event.fresh = isFresh
        unsafe event.has_index = index != nil
        unsafe event.index = lua_Integer(index ?? 0)
        unsafe event.count = Int32(keys.count)
        unsafe event.key_addresses = UnsafePointer(addresses)
        // A copy: the handler may reach code that writes the numbers of the next event.
        let values = values
        return try unsafe referenceIndices.withUnsafeBufferPointer { (indices) throws(LuaError) in
            try unsafe integral.withUnsafeBufferPointer { (flags) throws(LuaError) in
                try unsafe values.withUnsafeBufferPointer { (numbers) throws(LuaError) in
                    unsafe event.key_refs = indices.baseAddress
                    unsafe event.integral = flags.baseAddress
                    unsafe event.values = numbers.baseAddress
                    return try unsafe body(&event)
                }
            }
        }
    }
}
