import Glibc
import Synchronization

/// Work that falls into independent pieces, done by a few threads at a time.
enum ParallelWork {
    /// How many threads are worth starting for work on `byteCount` bytes.
    static func threads(forBytes byteCount: Int) -> Int {
        let processors = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
        return max(1, min(processors, 16, byteCount / (256 * 1024)))
    }

    /// Calls `body` once for each piece in `0..<count`, in any order, and returns when all are done.
    ///
    /// - Parameters:
    ///   - threads: how many threads work, this one among them; fewer where the system gives no more.
    ///   - body: gets the number of the thread in `0..<threads`, and the piece.
    static func run(_ count: Int, threads: Int, _ body: @escaping @Sendable (_ thread: Int, _ piece: Int) -> Void) {
        let work = Work(count: count, body: body)
        // Signals are for the threads of the host: these take none, which they inherit from here.
        var all = sigset_t()
        var before = sigset_t()
        sigfillset(&all)
        pthread_sigmask(SIG_BLOCK, &all, &before)
        var started: [pthread_t] = []
        for number in 1..<max(1, min(threads, count)) {
            let helper = Unmanaged.passRetained(Helper(work: work, number: number))
            var thread = pthread_t()
            guard pthread_create(&thread, nil, Helper.entry, helper.toOpaque()) == 0 else {
                helper.release()
                break
            }
            started.append(thread)
        }
        pthread_sigmask(SIG_SETMASK, &before, nil)
        work.run(thread: 0)
        for thread in started { pthread_join(thread, nil) }
    }

    private final class Work: Sendable {
        private let next = Atomic(0)
        private let count: Int
        private let body: @Sendable (Int, Int) -> Void

        init(count: Int, body: @escaping @Sendable (Int, Int) -> Void) {
            self.count = count
            self.body = body
        }

        func run(thread: Int) {
            while case let piece = next.wrappingAdd(1, ordering: .relaxed).oldValue, piece < count {
                body(thread, piece)
            }
        }
    }

    /// What a thread is given: it owns this, and lets go of it at its end.
    private final class Helper {
        let work: Work
        let number: Int

        init(work: Work, number: Int) {
            self.work = work
            self.number = number
        }

        static let entry: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { argument in
            guard let argument else { return nil }
            let helper = Unmanaged<Helper>.fromOpaque(argument).takeRetainedValue()
            helper.work.run(thread: helper.number)
            return nil
        }
    }
}
