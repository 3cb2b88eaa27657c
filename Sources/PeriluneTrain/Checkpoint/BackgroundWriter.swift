import Glibc
import Synchronization

/// Writes checkpoints on a thread of its own, one after the other. A job that waits while another one comes is replaced
/// by it: the newest state is what counts, and training never waits for the disk.
final class BackgroundWriter: Sendable {
    /// What to do: writes, then tidies up.
    typealias Job = @Sendable () throws -> Void

    private struct State {
        var waiting: Job?
        var isWorking = false
        var failure: (any Error)?
    }

    private let state = Mutex(State())

    /// Whether a job has failed since the last call of `takeFailure`.
    var hasFailed: Bool { state.withLock { $0.failure != nil } }

    /// The error of a job that failed; forgets it.
    func takeFailure() -> (any Error)? {
        state.withLock { state in
            defer { state.failure = nil }
            return state.failure
        }
    }

    /// Starts a job, or lets it wait for the one in progress. A thread that cannot be had does the job here and now.
    func start(_ job: @escaping Job) {
        let starts = state.withLock { state in
            state.waiting = job
            defer { state.isWorking = true }
            return !state.isWorking
        }
        if starts, DetachedThread.start({ self.work() }) != 0 { work() }
    }

    private func work() {
        while let job = next() {
            do { try job() } catch { state.withLock { $0.failure = $0.failure ?? error } }
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
    func finish() {
        // Runs end seldom, and a write takes milliseconds: asking again is simpler than a condition to wait for.
        while state.withLock({ $0.isWorking }) { usleep(1000) }
    }
}
