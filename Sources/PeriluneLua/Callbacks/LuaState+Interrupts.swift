internal import PeriluneLuaRuntime
import PeriluneProcess
internal import PeriluneTrain

extension LuaState {
    /// Runs `body`, in which a script that goes on long after a stop was requested is ended, wherever it is.
    func watching<Result>(interrupts: Interrupts, _ body: () throws -> Result) rethrows -> Result {
        defer { withExtendedLifetime(interrupts) {} }
        return try unsafe watching(UnsafeRawPointer(interrupts.address), body)
    }
}
