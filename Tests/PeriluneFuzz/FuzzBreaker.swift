import Glibc
import PeriluneLua
import PeriluneLuaRuntime
import PerilunePrompt

/// Interrupts code of visitors as the program does it: by a signal to the thread that trains.
struct FuzzBreaker: AttachBreaker {
    /// Changes only while nobody is attached.
    private static nonisolated(unsafe) var script: LuaInterrupt?
    private let thread = pthread_self()

    init(_ state: LuaState) {
        signal(SIGURG, SIG_DFL)
        Self.script = state.interrupt
    }

    func begin() { signal(SIGURG) { _ in FuzzBreaker.script?.request() } }

    func end() { signal(SIGURG, SIG_DFL) }

    func breakOff() { pthread_kill(thread, SIGURG) }
}
