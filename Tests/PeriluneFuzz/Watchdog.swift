import Glibc
import PeriluneLua
import PeriluneLuaRuntime
import PeriluneProcess
import PeriluneTrain
import Synchronization

/// Ends what takes too long: scripts and runs in order at first, and the whole process where that does not help.
final class Watchdog: Sendable {
    private struct Watched {
        var text = ""
        var since: ContinuousClock.Instant?
        var script: LuaInterrupt?
        var runs: [Interrupts] = []

        func hasSpent(_ time: Duration) -> Bool { since.map { .now - $0 > time } ?? false }
    }

    private let watched = Mutex(Watched())
    private let patience: Duration
    private let limit: Duration

    /// How long a case may take before it is interrupted, and before it counts as a hang.
    init(patience: Duration, limit: Duration) {
        (self.patience, self.limit) = (patience, limit)
        _ = DetachedThread.start { [self] in watch() }
    }

    private func watch() {
        while true {
            usleep(50_000)
            watched.withLock { watched in
                if watched.hasSpent(patience) {
                    watched.script?.request()
                    for run in watched.runs { run.request() }
                }
                if watched.hasSpent(limit) {
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
        state.runHooks.didRun = { [self] in
            watched.withLock {
                _ = $0.runs.popLast()
                // The run has taken the interrupt for its own.
                if $0.hasSpent(patience) { $0.script?.request() }
            }
        }
    }

    /// Runs one case, which may have others within it. Without a state it is not interrupted.
    func watch(_ text: String, in state: LuaState?, _ body: () -> Void) {
        let began = ContinuousClock.now
        let outer = watched.withLock { watched in
            let outer = watched
            watched = Watched(text: text, since: began, script: state?.interrupt)
            return outer
        }
        body()
        watched.withLock {
            $0 = outer
            // The time within is not its own.
            $0.since? += .now - began
        }
        state?.endInterrupt()
    }
}
