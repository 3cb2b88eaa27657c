internal import CLua
internal import CLuaBridge
internal import Synchronization

/// Errors of the host that were raised in Lua as their text, so that they are found again when that text comes out.
///
/// Scripts see a plain string, which they can match and print like any other error; identity is kept aside.
struct LuaParkedErrors {
    private var entries: [(message: String, error: any Error)] = []
    /// The last value that was raised and is no string, its number, and what was said of it on its way.
    private(set) var value: (number: Int, reference: LuaReference, error: LuaError?)?
    /// Counts the values of all states: an error may pass through several of them.
    private static let valueCount = Atomic(0)

    /// A script that catches and drops errors must not pile them up.
    private static let capacity = 16

    mutating func park(_ error: any Error, as message: String) {
        if entries.count == Self.capacity { entries.removeFirst() }
        entries.append((message, error))
    }

    /// The error that became this message, or that a script or `coroutine.wrap` put words in front of.
    func error(for message: String) -> (error: any Error, isReworded: Bool)? {
        entries.last { message.hasSuffix($0.message) }.map { ($0.error, $0.message != message) }
    }

    /// The last error of the host that says that a script was stopped for this reason.
    func last(_ kind: LuaError.Kind) -> LuaError? {
        entries.lazy.reversed().compactMap { $0.error as? LuaError }.first { $0.kind == kind }
    }

    mutating func keep(_ reference: LuaReference) -> Int {
        let number = Self.valueCount.wrappingAdd(1, ordering: .relaxed).newValue
        value = (number, reference, nil)
        return number
    }

    /// Keeps what the host says of the value that it passes on: place, callback, event.
    mutating func keep(_ error: LuaError) { value?.error = error }

    /// How many errors and values are kept.
    var count: Int { entries.count + (value == nil ? 0 : 1) }

    mutating func removeAll() {
        if !entries.isEmpty { entries.removeAll() }
        if value != nil { value = nil }
    }
}

extension LuaState {
    /// Throws what is on top of the stack unless `status` says that all went well.
    func check(_ status: Int32) throws(LuaError) {
        if status != LUA_OK { throw popError(status) }
    }

    /// Takes the error value off the stack.
    func popError(_ status: Int32) -> LuaError {
        var error = poppedError(status)
        error.stoppedState = error.stoppedState ?? ObjectIdentifier(self)
        return error
    }

    private func poppedError(_ status: Int32) -> LuaError {
        let value = popValue()
        if let reason = unsafe context?.pointee.ended, let stopped = LuaError.Kind(reason) {
            return stoppedError(stopped, reason)
        }
        let kind: LuaError.Kind = status == LUA_ERRMEM ? .memory : status == LUA_ERRSYNTAX ? .syntax : .runtime
        guard let message = value.string else {
            return popOther(value, kind)
        }
        let cause = parked.error(for: message)
        // An error that went Lua, Swift, Lua keeps its first traceback: it holds the outer frames too.
        if let inner = cause?.error as? LuaError, cause?.isReworded == false { return inner }
        var error = located(LuaError(kind, message + strictHint(message)))
        if let cause {
            error.kind = .host
            error.underlying = cause.error
        }
        return error
    }

    /// What to say where a script misses a part of the standard library that the strict profile leaves out.
    private func strictHint(_ message: String) -> String {
        guard isStrict, message.contains("a nil value ("), message.hasSuffix("')") else { return "" }
        let name = message.dropLast(2).split(separator: "'").last.map(String.init) ?? ""
        guard Self.trustedNames.contains(name) else { return "" }
        return
            "; the strict profile has no '\(name)': --trust-callbacks for a file of callbacks, --profile trusted for a "
            + "script, or a host's profile .trusted gives the whole standard library"
    }

    private static let trustedNames: Set = [
        "io", "debug", "package", "dofile", "loadfile", "execute", "getenv", "setlocale",
        "tmpname",
    ]

    /// An error value that is not text: shown as `tostring` does.
    private func popOther(_ value: LuaValue, _ kind: LuaError.Kind) -> LuaError {
        if kind == .memory { return located(LuaError(kind, "not enough memory")) }
        if let kept = parked.value, let known = kept.error, let reference = value.reference,
            reference.isSame(as: kept.reference)
        {
            return known
        }
        var error = located(LuaError(kind, "(error object is a \(value.typeName) value)"))
        switch value {
        case .nil, .boolean, .integer, .number: error.message = "(error object is \(value.briefText))"
        case .bytes(let bytes): error.message = String(decoding: bytes, as: UTF8.self)
        case .table(let table) where table.metafield("__tostring").isNil: break
        case .other(let reference): error.valueNumber = parked.keep(reference)
        default: if let text = text(of: value) { error.message = text }
        }
        if case .table(let table) = value { error.valueNumber = parked.keep(table.reference) }
        return error
    }

    /// What `tostring` makes of an error value; nil where that fails. What it fails with is not shown in its turn: that
    /// may be the same value, or another one of its kind, without end.
    private func text(of value: LuaValue) -> String? {
        try? enter { () throws(LuaError) in
            try push(value)
            guard unsafe perilune_lua_tostring(lua) == LUA_OK else { return nil }
            switch popValue() {
            case .string(let text): return text
            case .bytes(let bytes): return String(decoding: bytes, as: UTF8.self)
            default: return nil
            }
        }
    }

    /// Fills in what the message handler wrote down.
    func located(_ error: LuaError) -> LuaError {
        guard let context = unsafe context else { return error }
        var error = error
        if error.kind == .syntax { return error }
        if unsafe context.pointee.line > 0 {
            error.line = unsafe Int(context.pointee.line)
            error.script = unsafe String(cString: perilune_lua_script(context))
        }
        if unsafe context.pointee.trace_length > 0 {
            error.traceback = unsafe String(cString: perilune_lua_trace(context)).trimmingLastNewline()
        }
        return error
    }

    /// Pushes the value that C is to raise for an error of a host function, and remembers the error by it.
    func pushThrown(_ error: any Error) {
        guard var inner = error as? LuaError else {
            let message = scriptPosition + String(describing: error).shortened()
            parked.park(error, as: message)
            return push(message)
        }
        if let number = inner.valueNumber, let kept = parked.value, kept.number == number {
            parked.keep(inner)
            return push(kept.reference)
        }
        // One that a script raised says where already; one of the bridge itself does not.
        if inner.line == nil, inner.script == nil { inner.message = scriptPosition + inner.message }
        parked.park(inner, as: inner.message)
        push(inner.message)
        passOn(inner)
    }

    /// `script:line: ` of the script that called the running host function; empty where none did.
    public var scriptPosition: String {
        guard unsafe context != nil else { return "" }
        return unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 128) { buffer in
            unsafe perilune_lua_where(lua, buffer.baseAddress, buffer.count)
            return unsafe String(cString: buffer.baseAddress!)
        }
    }
}

extension String {
    /// A message that repeats megabytes of what a script made up is cut in its middle.
    fileprivate func shortened() -> String {
        let (most, kept) = (4096, 1024)
        guard utf8.count > most else { return self }
        return String(decoding: utf8.prefix(kept), as: UTF8.self) + " … "
            + String(decoding: utf8.suffix(kept), as: UTF8.self)
    }

    fileprivate func trimmingLastNewline() -> String {
        hasSuffix("\n") ? String(dropLast()) : self
    }
}
