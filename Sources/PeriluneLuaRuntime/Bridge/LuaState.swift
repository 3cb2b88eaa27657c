internal import CLua
internal import CLuaBridge

/// One Lua interpreter: its globals, libraries and memory.
///
/// A state belongs to the thread that uses it; it is not `Sendable` and nothing of it may be touched from two threads
/// at once. It closes when it is released or at `close()`, whichever comes first. Values taken out of it (`LuaTable`,
/// `LuaFunction`) do not keep it open: once it is closed they read as nil and calling them throws.
///
/// Every way into Lua is a protected call, so a script's error arrives as a `LuaError` and never jumps over Swift.
@safe public final class LuaState {
    /// Which standard libraries a new state has.
    public enum Libraries: Hashable, Sendable {
        /// None: not even `print`.
        case none
        /// All of them, `io`, `os` and `debug` included: for scripts that the user started.
        case standard
        /// Those that do no harm, and of these the functions that do none: for scripts from elsewhere.
        case strict
    }

    // The next two are read and written at once, never held: exclusivity checks would cost more than the
    // accesses.

    /// The account that C keeps; nil once closed.
    @exclusivity(unchecked) var context: UnsafeMutablePointer<perilune_lua_context>?
    /// The Lua thread in use: the main one, or the coroutine that called a host function. Valid while open.
    @exclusivity(unchecked) var lua: OpaquePointer
    /// What references out of this state hold on to.
    let anchor: LuaAnchor
    /// What scripts may make the host do and keep.
    package let budget: ScriptBudget
    /// What an object that is about to be handed to a script was made from, in bytes: it may keep that.
    package var argumentBytes = 0
    /// How many protected calls are running, one inside the other.
    var depth = 0
    /// Errors of the host that are on their way through Lua.
    var parked = LuaParkedErrors()
    /// Classes of host objects, by Swift type.
    var classes: [ObjectIdentifier: LuaClass] = [:]
    /// The class found last: most calls in a row are of one class.
    var lastClass: (type: ObjectIdentifier?, known: LuaClass?) = (nil, nil)
    /// Takes what strict scripts print, whole lines with their ends; nil leaves it to standard output.
    public var output: ((String) -> Void)?
    /// Called before a script prints to standard output: what the host has left unfinished there, a progress bar, ends.
    package var willPrint: () -> Void = {}
    /// Which files the functions of the module may read and write.
    package let access: FileAccess
    /// Things that layers above attach to a state, by type.
    var attachments: [ObjectIdentifier: AnyObject] = [:]

    /// Opens a state for scripts that are trusted as `profile` says.
    ///
    /// - Parameters:
    ///   - limits: what scripts may use; nil for what is usual in the profile.
    ///   - access: which files the functions of the module may touch; nil for what is usual in the profile. It does not
    ///     bind the standard library of a trusted script.
    /// - Throws: where there is not enough memory for the state, or no signal for a limit of time.
    public convenience init(
        profile: ScriptProfile = .trusted, limits: ScriptLimits? = nil, access: FileAccess? = nil
    ) throws(LuaError) {
        try self.init(
            libraries: profile == .strict ? .strict : .standard, limits: limits ?? .standard(for: profile),
            access: access ?? .standard(for: profile))
    }

    /// Opens a state with these libraries. Throws where there is not enough memory for it.
    public convenience init(
        libraries: Libraries, limits: ScriptLimits = .none, access: FileAccess = .everything
    ) throws(LuaError) {
        try self.init(libraries, limits, access, failingAllocation: 0, times: 0)
    }

    /// The same with allocations failing as `failAllocation` has it, from the very first on.
    package init(
        _ libraries: Libraries, _ limits: ScriptLimits = .none, _ access: FileAccess = .everything,
        failingAllocation n: Int, times: Int
    ) throws(LuaError) {
        anchor = LuaAnchor()
        budget = ScriptBudget(anchor, limits)
        self.access = access
        let callbacks = unsafe perilune_lua_callbacks(
            call: callHostFunction, release: releaseHostObject, print: printFromScript,
            begin_line: beginLineForScript)
        guard let opened = unsafe perilune_lua_open_failing(nil, callbacks, UInt64(n), UInt64(times)) else {
            throw LuaError(.memory, "not enough memory to open a Lua state")
        }
        unsafe context = opened
        unsafe lua = opened.pointee.main
        unsafe opened.pointee.host = Unmanaged.passUnretained(self).toOpaque()
        unsafe anchor.state = self
        switch libraries {
        case .none: break
        case .standard: try check(unsafe perilune_lua_open_libraries(lua))
        case .strict: try check(unsafe perilune_lua_open_sandbox(lua))
        }
        memoryLimit = limits.memory
        try limitTime(limits.time)
        try limitTotalTime(limits.totalTime)
    }

    deinit {
        depth = 0
        close()
    }

    /// Whether its scripts have the strict environment.
    package var isStrict: Bool { unsafe context?.pointee.strict ?? false }

    /// Whether the state has been closed.
    public var isClosed: Bool { unsafe context == nil }

    /// Closes the state: finalizers run, and every host object that only Lua still held is released. Does nothing while
    /// a script is running: the state then stays open until it is released.
    public func close() {
        guard let open = unsafe context, depth == 0 else { return }
        unsafe anchor.state = nil
        anchor.released = []
        classes = [:]
        lastClass = (nil, nil)
        parked = LuaParkedErrors()
        // Finalizers of the script may call host functions; those then do nothing.
        unsafe open.pointee.host = nil
        unsafe perilune_lua_close(open)
        unsafe context = nil
        attachments = [:]
    }

    /// Bytes that Lua holds now.
    public var memoryUse: Int { unsafe Int(context?.pointee.used ?? 0) }

    /// The most bytes that Lua may hold while a script runs; nil for no limit. A script that asks for more gets the
    /// error "not enough memory". What the host itself puts into the state counts but is never refused.
    public var memoryLimit: Int? {
        get { unsafe context.flatMap { unsafe $0.pointee.limit == 0 ? nil : Int($0.pointee.limit) } }
        set { unsafe context?.pointee.limit = max(0, newValue ?? 0) }
    }

    /// Runs a full garbage collection and returns the bytes left in use.
    @discardableResult
    public func collectGarbage() -> Int {
        guard unsafe context != nil else { return 0 }
        freeReleasedReferences()
        return unsafe Int(perilune_lua_collect(lua))
    }

    /// The state's one instance of `Attachment`, made by `make` when first asked for: where layers above keep what
    /// belongs to a state (the run's seed, the module table, …).
    public func attachment<Attachment: AnyObject>(_ type: Attachment.Type, make: () -> Attachment) -> Attachment {
        if let known = attachments[ObjectIdentifier(type)] as? Attachment { return known }
        let made = make()
        attachments[ObjectIdentifier(type)] = made
        return made
    }
}

/// Ties references to their state without keeping it alive.
final class LuaAnchor {
    unowned(unsafe) var state: LuaState?
    /// Registry references to free at the next occasion: a finalizer may drop one in the middle of a collection.
    var released: [Int32] = []
}
