internal import CLuaBridge

/// Stops the script that a state runs, from outside: a signal handler, another thread.
///
/// Good for as long as the state is open; its holder lets go of it before.
@safe public struct LuaInterrupt: @unchecked Sendable {
    private let context: UnsafeMutablePointer<perilune_lua_context>

    fileprivate init(_ context: UnsafeMutablePointer<perilune_lua_context>) {
        unsafe self.context = context
    }

    /// Makes the script raise the error "interrupted" wherever it is, in a coroutine too, and again if it catches that.
    /// A host function that it called finishes first.
    ///
    /// Allocates nothing and takes no lock, so that a signal handler may call it.
    public func request() {
        unsafe perilune_lua_interrupt(context)
    }

    /// The same for a script that has not come to its end after so many more instructions of Lua's machine.
    ///
    /// Allocates nothing and takes no lock either.
    public func request(afterInstructions count: Int32) {
        unsafe perilune_lua_interrupt_after(context, max(1, count))
    }
}

extension LuaState {
    /// What interrupts the scripts of this state; nil once it is closed.
    public var interrupt: LuaInterrupt? {
        unsafe context.map { unsafe LuaInterrupt($0) }
    }

    /// Takes an interrupt back: scripts run again.
    public func endInterrupt() {
        guard let context = unsafe context else { return }
        unsafe perilune_lua_end_interrupt(context)
    }
}
