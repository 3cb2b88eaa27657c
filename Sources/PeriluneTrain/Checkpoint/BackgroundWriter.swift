import Glibc
import PeriluneProcess
import Synchronization

/// Writes checkpoints on a thread of its own, one after the other. One job may wait for the one in progress; it can be
/// taken back while it waits, where a newer state counts more.
final class BackgroundWriter: Sendable {
    /// What to do: writes, then tidies up.
    typealias Job = @Sendable () throws -> Void

    private struct State {
        var waiting: Job?
        var isWorking = false
        var failures: [any Error] = []
    }

    private let state = Mutex(State())

    /// Whether a job has failed since the last call of `takeFailures`.
    var hasFailed: Bool { state.withLock { !$0.failures.isEmpty } }

    /// The errors of jobs that failed, in their order; forgets them.
    func takeFailures() -> [any Error] {
        state.withLock { state in
            defer { state.failures = [] }
            return state.failures
        }
    }

    /// Starts a job, or lets it wait for the one in progress. Where one waits already this stands still until that has
    /// begun. A thread that cannot be had does the job here and now.
    func start(_ job: @escaping Job) {
        wait { $0.waiting == nil }
        let starts = state.withLock { state in
            state.waiting = job
            defer { state.isWorking = true }
            return !state.isWorking
        }
        if starts, DetachedThread.start({ self.work() }) != 0 { work() }
    }

    /// Takes back the job that waits.
    /// - Returns: whether there was one; it is never done then.
    func withdraw() -> Bool {
        state.withLock { state in
            defer { state.waiting = nil }
            return state.waiting != nil
        }
    }

    private func work() {
        while let job = next() {
            do { try job() } catch { state.withLock { $0.failures.append(error) } }
        }
    }

    private func next() -> Job? {
        state.withLock { state in
            defer { state.waiting = nil }
            if state.waiting == nil { state.isWorking = false }
            return state.waiting
        }
    }

    /// Waits until nothing is left to do.
    func finish() { wait { !$0.isWorking } }

    private func wait(until holds: (borrowing State) -> Bool) {
        // Seldom needed, and a write takes milliseconds: asking again is simpler than a condition to wait for.
        while !state.withLock({ holds($0) }) { usleep(1000) }
    }
}
