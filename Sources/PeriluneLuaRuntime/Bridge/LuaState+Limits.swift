internal import CLuaBridge

// What scripts may use of time.
extension LuaState {
    /// The longest that an event, or a chunk's own statements, may take; nil for no limit.
    ///
    /// The time of trainings that a chunk starts does not count: their events have limits of their own.
    public var timeLimit: Duration? {
        guard let context = unsafe context, unsafe context.pointee.time_limit != 0 else { return nil }
        let limit = unsafe Duration.nanoseconds(Int64(clamping: context.pointee.time_limit))
        return limit < Self.unreachableTime ? limit : nil
    }

    /// Sets the limit of time. A script that exceeds it gets an error that it cannot catch, of kind `.timeLimit`.
    /// - Throws: where the process has no real-time signal to spare: one is in use while any state has a limit.
    public func limitTime(_ limit: Duration?) throws(LuaError) {
        guard let context = unsafe context else { throw LuaError(.closed, "the Lua state is closed") }
        let failure = unsafe perilune_lua_limit_time(context, limit?.clampedNanoseconds ?? 0)
        guard failure == 0 else { throw Self.noSignal }
    }

    /// The longest that all that scripts of this state do may take together; nil for no limit.
    public var totalTimeLimit: Duration? {
        guard let context = unsafe context, unsafe context.pointee.total_limit != 0 else { return nil }
        return unsafe .nanoseconds(Int64(clamping: context.pointee.total_limit))
    }

    /// Sets the limit for all that scripts of this state do, trainings that they start included, time at a prompt not.
    /// What they have used so far counts where a limit was set before.
    /// - Throws: as `limitTime`.
    public func limitTotalTime(_ limit: Duration?) throws(LuaError) {
        guard let context = unsafe context else { throw LuaError(.closed, "the Lua state is closed") }
        let failure = unsafe perilune_lua_limit_total_time(context, limit?.clampedNanoseconds ?? 0)
        guard failure == 0 else { throw Self.noSignal }
    }

    /// Whether anything that scripts do has a limit of time.
    package var hasTimeLimit: Bool { timeLimit != nil || totalTimeLimit != nil }

    private static var noSignal: LuaError {
        LuaError(.runtime, "a limit of time needs a real-time signal, and none is free")
    }

    /// A limit that none reaches: the clock runs, so that another thread's wish to stop is seen.
    package static let unreachableTime = Duration.seconds(400 * 24 * 60 * 60)

    /// Runs `body`, in which a script that goes on long after a stop was asked for is ended, wherever it is.
    /// - Parameter requests: an `atomic_uint` of C whose bit 0 asks for it, from any thread; there until `body`
    ///   returns.
    package func watching<Result>(_ requests: UnsafeRawPointer, _ body: () throws -> Result) rethrows -> Result {
        guard let context = unsafe context else { return try body() }
        let outer = unsafe context.pointee.watched
        unsafe context.pointee.watched = unsafe requests
        defer { if let context = unsafe self.context { unsafe context.pointee.watched = outer } }
        return try body()
    }

    /// Runs `body`, whose time does not count for the statements of the script that called, and for an event only if
    /// `forEvents`: a training that an event starts is its own doing, a person who looks around at a prompt is not.
    package func withClockStopped<Result>(forEvents: Bool = false, _ body: () throws -> Result) rethrows -> Result {
        guard let context = unsafe context else { return try body() }
        let waited = forEvents ? unsafe perilune_lua_set_waiting(context, true) : false
        let isPaused = unsafe perilune_lua_pause_clock(context, forEvents)
        defer {
            if forEvents { _ = unsafe perilune_lua_set_waiting(context, waited) }
            if isPaused { unsafe perilune_lua_resume_clock(context) }
        }
        return try body()
    }

    /// The error of a script that had to end: kind and message come from the context, not from what the script made of
    /// them. An error of the host that carries the same news says more, so it stays.
    func stoppedError(_ kind: LuaError.Kind, _ reason: perilune_lua_stop) -> LuaError {
        if let known = parked.last(kind), isOwn(known) { return known }
        return located(stopError(kind, reason))
    }

    private func stopError(_ kind: LuaError.Kind, _ reason: perilune_lua_stop) -> LuaError {
        guard let context = unsafe context else { return LuaError(kind, "") }
        let message = unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 192) { buffer in
            unsafe perilune_lua_describe_stop(context, reason, buffer.baseAddress, buffer.count)
            return unsafe String(cString: buffer.baseAddress!)
        }
        var error = LuaError(kind, message)
        error.stoppedState = ObjectIdentifier(self)
        return error
    }

    private func isOwn(_ error: LuaError) -> Bool { error.stoppedState == ObjectIdentifier(self) }

    /// For work of the host that a script started: throws where the script has to end.
    package func checkStop() throws(LuaError) {
        guard let context = unsafe context, unsafe context.pointee.stop != 0 else { return }
        let reason = perilune_lua_stop(rawValue: UInt32(unsafe context.pointee.stop))
        guard let kind = LuaError.Kind(reason) else { return }
        unsafe perilune_lua_note_stop(context)
        throw located(stopError(kind, reason))
    }

    /// Makes the script that runs end, from the host's side: it cannot catch that.
    /// - Parameter words: what to say in place of the limit.
    /// - Returns: the error to throw.
    func stopScript(_ reason: perilune_lua_stop, _ words: String?) -> LuaError {
        guard let context = unsafe context else { return LuaError(.closed, "the Lua state is closed") }
        unsafe perilune_lua_stop_unit(context, reason)
        unsafe perilune_lua_note_stop(context)
        var error = located(stopError(LuaError.Kind(reason) ?? .memory, reason))
        if let words { error.message = scriptPosition + words }
        return error
    }

    /// An error that says that a script had to end, on its way to the script that caused it: that ends too.
    func passOn(_ error: LuaError) {
        guard let context = unsafe context, let reason = error.kind.stop, isOwn(error) else { return }
        unsafe perilune_lua_stop_unit(context, reason)
    }
}

extension LuaError.Kind {
    /// The kind of a script's end; nil for one that was not stopped.
    init?(_ reason: perilune_lua_stop) {
        switch reason {
        case PERILUNE_LUA_INTERRUPTED: self = .interrupted
        case PERILUNE_LUA_TIME_LIMIT: self = .timeLimit
        case PERILUNE_LUA_MEMORY: self = .memory
        default: return nil
        }
    }

    fileprivate var stop: perilune_lua_stop? {
        switch self {
        case .interrupted: PERILUNE_LUA_INTERRUPTED
        case .timeLimit: PERILUNE_LUA_TIME_LIMIT
        case .memory: PERILUNE_LUA_MEMORY
        case .syntax, .runtime, .host, .file, .closed: nil
        }
    }
}

extension Duration {
    /// At least one nanosecond: a limit of 0 would be none.
    fileprivate var clampedNanoseconds: UInt64 {
        let (seconds, attoseconds) = components
        guard seconds >= 0, attoseconds >= 0 else { return 1 }
        let (whole, overflow) = UInt64(seconds).multipliedReportingOverflow(by: 1_000_000_000)
        return overflow ? .max / 2 : max(1, min(whole, .max / 4) + UInt64(attoseconds / 1_000_000_000))
    }
}
