internal import CLuaBridge

/// Stops the script that a state runs, from outside: a signal handler, another thread.
///
/// Good for as long as the state is open; whoever holds one lets go of it before.
@safe public struct LuaInterrupt: @unchecked Sendable {
    private let context: UnsafeMutablePointer<perilune_lua_context>

    fileprivate init(_ context: UnsafeMutablePointer<perilune_lua_context>) {
        unsafe self.context = context
    }

    /// Asks for the interrupt. Allocates nothing and takes no lock, so a signal handler may call it.
    public func request() {
        unsafe perilune_lua_interrupt(context)
    }
}

/// Whether an interrupt that was asked for still stands.
final class LuaInterruptCondition {
    let stands: () -> Bool

    init(_ stands: @escaping () -> Bool) {
        self.stands = stands
    }
}

extension LuaState {
    /// Makes the state interruptible. Once `request()` was called, the script raises the error "interrupted" as long
    /// as `stands` says that the wish has not been met otherwise: a fit that is running meets it itself, by ending in
    /// order. So nothing is raised while a host function is in progress, nor in the callbacks that it calls.
    ///
    /// Code in a coroutine goes on until it yields.
    public func interruptible(while stands: @escaping () -> Bool) -> LuaInterrupt? {
        guard let context = unsafe context else { return nil }
        attachments[ObjectIdentifier(LuaInterruptCondition.self)] = LuaInterruptCondition(stands)
        unsafe context.pointee.interrupt_answer = { host in
            guard let host = unsafe host else { return PERILUNE_LUA_RESUME }
            return unsafe Unmanaged<LuaState>.fromOpaque(host).takeUnretainedValue().interruptAnswer
        }
        return unsafe LuaInterrupt(context)
    }

    private var interruptAnswer: perilune_lua_interrupt_answer {
        let condition = attachments[ObjectIdentifier(LuaInterruptCondition.self)] as? LuaInterruptCondition
        guard let condition, condition.stands() else { return PERILUNE_LUA_RESUME }
        return depth > 1 ? PERILUNE_LUA_WAIT : PERILUNE_LUA_RAISE
    }
}
