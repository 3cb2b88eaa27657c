import Glibc
import Synchronization

/// Handlers of SIGINT and SIGTERM that are there while fits run which asked for them (`FitOptions.handlesSignals`), and
/// only then: the first fit that begins installs them, the last that ends puts back what was there before.
///
/// A signal interrupts every such fit, and takes its handler away: a second one has its ordinary effect. SIGPIPE is
/// left alone: what a broken pipe does is for the host to decide, whose own output it concerns more than the progress
/// bar's.
package enum InterruptSignals {
    private static let signals = [SIGINT, SIGTERM]

    // What the handler reaches: atomics only. It must not retain, allocate or wait for a lock, and it may run on any
    // thread.
    /// The addresses of the interrupts of the fits that run; 0 where a place is free.
    private static let places = InlineArray<16, Atomic<UInt>> { _ in Atomic(0) }
    /// Handlers that are reading `places`: until there is none, no interrupts of theirs may be freed.
    private static let readers = Atomic<Int>(0)

    /// How many fits need the handlers, and what was there before.
    private static let installed = Mutex<(count: Int, previous: [sigaction])>((0, []))

    /// Runs `body` with signals interrupting `interrupts`.
    package static func interrupting<Result>(_ interrupts: Interrupts, _ body: () throws -> Result) rethrows -> Result {
        let address = unsafe UInt(bitPattern: Unmanaged.passUnretained(interrupts).toOpaque())
        let place = occupy(address)
        install()
        defer {
            uninstall()
            if let place { vacate(place) }
            // The handler's place is gone; the object stays until it has returned.
            withExtendedLifetime(interrupts) {}
        }
        return try body()
    }

    /// The place taken; nil where all are: such a fit ends as its thread's caller decides, not by signals.
    private static func occupy(_ address: UInt) -> Int? {
        for index in places.indices
        where places[index].compareExchange(expected: 0, desired: address, ordering: .sequentiallyConsistent).exchanged
        {
            return index
        }
        return nil
    }

    private static func vacate(_ index: Int) {
        places[index].store(0, ordering: .sequentiallyConsistent)
        while readers.load(ordering: .sequentiallyConsistent) != 0 { sched_yield() }
    }

    private static func install() {
        installed.withLock { state in
            state.count += 1
            guard state.count == 1 else { return }
            state.previous = signals.map { signal in
                var action = sigaction()
                unsafe action.__sigaction_handler.sa_handler = { _ in InterruptSignals.handle() }
                action.sa_flags = Int32(truncatingIfNeeded: SA_RESETHAND)
                var before = sigaction()
                unsafe sigaction(signal, &action, &before)
                return before
            }
        }
    }

    private static func uninstall() {
        installed.withLock { state in
            state.count -= 1
            guard state.count == 0 else { return }
            for (signal, before) in zip(signals, state.previous) {
                var before = before
                unsafe sigaction(signal, &before, nil)
            }
            state.previous = []
        }
    }

    private static func handle() {
        readers.add(1, ordering: .sequentiallyConsistent)
        for index in places.indices {
            let place = places[index].load(ordering: .sequentiallyConsistent)
            guard let run = unsafe UnsafeRawPointer(bitPattern: place) else { continue }
            unsafe Unmanaged<Interrupts>.fromOpaque(run)._withUnsafeGuaranteedRef { $0.request() }
        }
        readers.subtract(1, ordering: .sequentiallyConsistent)
    }
}
