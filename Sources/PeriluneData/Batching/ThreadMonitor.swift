import Glibc

/// A mutex and a condition: state that two threads share, and a way to wait for it to change.
///
/// `Synchronization.Mutex` has no condition to wait on. Address-stable memory is what pthread asks for.
final class ThreadMonitor: @unchecked Sendable {
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

    init() {
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(condition, nil)
    }

    deinit {
        pthread_cond_destroy(condition)
        pthread_mutex_destroy(mutex)
        condition.deallocate()
        mutex.deallocate()
    }

    /// Runs `body` with the mutex held.
    func locked<Result>(_ body: () -> Result) -> Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return body()
    }

    /// Lets go of the mutex until the state may have changed; only within `locked`, and around a test of the state.
    func wait() { pthread_cond_wait(condition, mutex) }

    /// Tells the other thread that the state has changed. Two threads share a monitor, so one waits at most.
    func signal() { pthread_cond_signal(condition) }
}
