import Glibc
import Perilune
import Synchronization

/// Lets people attach to the fits of a script that this program runs, or of what is typed at its prompt.
final class AttachedRun {
    private let server: AttachServer

    /// - Parameter script: what a list of runs calls it.
    init(_ state: LuaState, script: String) {
        server = AttachServer(
            state, script: script, breaker: SignalBreaker(), message: { Standard.error("perilune: \($0)") })
        state.runHooks.attendant = server
        AttachedRun.current = server
        // A script may end the program by `os.exit`.
        atexit { AttachedRun.current?.stop() }
    }

    /// Removes the socket.
    func end() {
        server.stop()
        AttachedRun.current = nil
    }

    /// The server of this process, which runs one script on its main thread.
    private static nonisolated(unsafe) var current: AttachServer?
}

/// Interrupts code of a client by a signal to the thread that runs it.
private struct SignalBreaker: AttachBreaker {
    /// A signal that does nothing where no thread waits for it.
    private static let signal = SIGURG

    private let thread = pthread_self()

    func begin() {
        SignalWatch.isServing.store(true, ordering: .releasing)
        var action = sigaction()
        action.__sigaction_handler.sa_handler = { _ in SignalWatch.interruptService() }
        sigaction(Self.signal, &action, nil)
    }

    func end() {
        SignalWatch.isServing.store(false, ordering: .releasing)
        Glibc.signal(Self.signal, SIG_DFL)
    }

    func breakOff() { pthread_kill(thread, Self.signal) }
}
