import Glibc
import PeriluneProcess
import PeriluneTrain
import Synchronization

/// Sends messages one after the other on a thread of its own, which is there while there is something to send. The
/// thread that hands them over never waits: when too many wait, the oldest is dropped.
final class MessageSender: Sendable {
    private struct State {
        var waiting: [String] = []
        var isWorking = false
        var sent = 0
        var dropped = 0
        var failure: HTTPPost.Failure?
        var isOver = false
    }

    private let post: HTTPPost
    private let timeout: Double
    private let retries: Int
    private let capacity: Int
    private let state = Mutex(State())

    /// - Parameters:
    ///   - timeout: seconds for each attempt.
    ///   - retries: attempts after the first.
    ///   - capacity: how many messages may wait.
    init(_ post: HTTPPost, timeout: Double, retries: Int, capacity: Int) {
        (self.post, self.timeout, self.retries, self.capacity) = (post, timeout, retries, capacity)
    }

    /// How many messages have arrived, and how many were given up.
    var counts: (sent: Int, dropped: Int) { state.withLock { ($0.sent, $0.dropped) } }

    /// Why a message was given up after all attempts; nothing is sent after that.
    var failure: HTTPPost.Failure? { state.withLock { $0.failure } }

    func send(_ message: String) {
        let starts = state.withLock { state in
            guard state.failure == nil, !state.isOver else {
                state.dropped += 1
                return false
            }
            if state.waiting.count >= capacity {
                state.waiting.removeFirst()
                state.dropped += 1
            }
            state.waiting.append(message)
            defer { state.isWorking = true }
            return !state.isWorking
        }
        guard starts else { return }
        let status = DetachedThread.start { self.work() }
        guard status != 0 else { return }
        giveUp(HTTPPost.Failure("no thread to send from: \(unsafe String(cString: strerror(status)))"), lost: 0)
    }

    private func work() {
        // A server that hangs up must not end the program: libcurl leaves that signal to its caller. The thread is over
        // when this is.
        var pipe = sigset_t()
        unsafe sigemptyset(&pipe)
        unsafe sigaddset(&pipe, SIGPIPE)
        unsafe pthread_sigmask(SIG_BLOCK, &pipe, nil)
        while let message = next() {
            do {
                try attempt(message)
                state.withLock { $0.sent += 1 }
            } catch {
                giveUp(error, lost: 1)
            }
        }
    }

    private func attempt(_ message: String) throws(HTTPPost.Failure) {
        var attempts = 0
        while true {
            do { return try post.send(message, timeout: timeout) } catch {
                attempts += 1
                guard !error.isLasting, attempts <= retries, !isOver else { throw error }
            }
            // 0.1 s, 0.2 s, 0.4 s and so on, but no longer than a second.
            usleep(UInt32(min(1_000_000, 100_000 << min(attempts - 1, 4))))
        }
    }

    private var isOver: Bool { state.withLock { $0.isOver } }

    private func giveUp(_ error: HTTPPost.Failure, lost: Int) {
        state.withLock { state in
            state.failure = state.failure ?? error
            state.dropped += lost + state.waiting.count
            state.waiting = []
            if lost == 0 { state.isWorking = false }
        }
    }

    private func next() -> String? {
        state.withLock { state in
            guard !state.waiting.isEmpty else {
                state.isWorking = false
                return nil
            }
            return state.waiting.removeFirst()
        }
    }

    /// Waits until everything is sent, at most so many seconds; what waits then is dropped.
    /// - Returns: how many messages were neither sent nor refused.
    func finish(within seconds: Double) -> Int {
        let deadline = ContinuousClock.now + .waiting(seconds)
        // As in `BackgroundWriter`: asking again is simpler than a condition to wait for.
        while state.withLock({ $0.isWorking }), .now < deadline { usleep(1000) }
        return state.withLock { state in
            guard state.isWorking else { return 0 }
            state.isOver = true
            let left = state.waiting.count + 1
            state.dropped += state.waiting.count
            state.waiting = []
            return left
        }
    }
}
