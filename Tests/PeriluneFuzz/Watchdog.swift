import Glibc
import PeriluneLua
import PeriluneTrain
import Synchronization

/// Ends what takes too long: scripts and runs in order at first, and the whole process where that does not help.
final class Watchdog: Sendable {
    private struct Watched {
        var text = ""
        var since: ContinuousClock.Instant?
        var script: LuaInterrupt?
        var runs: [Interrupts] = []
    }

    private let watched = Mutex(Watched())

    /// How long a case may take before it is interrupted, and before it counts as a hang.
    init(patience: Duration, limit: Duration) {
        var thread = pthread_t()
        let start = Unmanaged.passRetained(Start { [watched = self] in watched.watch(patience, limit) })
        pthread_create(
            &thread, nil,
            { argument in
                Unmanaged<Start>.fromOpaque(argument!).takeRetainedValue().body()
                return nil
            }, start.toOpaque())
    }

    private final class Start: Sendable {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }

    private func watch(_ patience: Duration, _ limit: Duration) {
        while true {
            usleep(50_000)
            watched.withLock { watched in
                guard let since = watched.since else { return }
                let spent = ContinuousClock.now - since
                if spent > patience {
                    watched.script?.request()
                    for run in watched.runs { run.request() }
                }
                if spent > limit {
                    print("hang: \(watched.text)")
                    fflush(nil)
                    abort()
                }
            }
        }
    }

    /// Watches the state's runs too.
    func attend(_ state: LuaState) {
        state.runHooks.willRun = { [self] interrupts in watched.withLock { $0.runs.append(interrupts) } }
        state.runHooks.didRun = { [self] in watched.withLock { _ = $0.runs.popLast() } }
    }

    /// Runs one case.
    func watch(_ text: String, in state: LuaState, _ body: () -> Void) {
        watched.withLock {
            $0.text = text
            $0.script = state.interrupt
            $0.since = .now
        }
        body()
        watched.withLock {
            $0.since = nil
            $0.script = nil
            $0.runs.removeAll()
        }
        state.endInterrupt()
    }
}
