import Glibc
import Perilune
import Synchronization

/// Lets Ctrl-C and SIGTERM end a script in order: a fit that is running ends at its next batch boundary with all its
/// end events, other code gets the error "interrupted". A second Ctrl-C is abrupt.
///
/// One at a time; `end()` puts back what was there before.
struct SignalWatch {
    /// What a handler can reach: no closure, no lock, nothing that allocates.
    private struct Targets {
        var interrupts: Interrupts
        var script: LuaInterrupt
    }

    private static nonisolated(unsafe) var targets: Targets?
    private static let received = Atomic<Int32>(0)
    private static let signals = [SIGINT, SIGTERM]

    private var previous: [sigaction] = []

    init?(_ interrupts: Interrupts, _ state: LuaState) {
        let interrupt = state.interruptible { interrupts.isRequested }
        guard let interrupt else { return nil }
        // Reading it here runs its initializer, which the handler must not be the first to do.
        Self.received.store(0, ordering: .relaxed)
        Self.targets = Targets(interrupts: interrupts, script: interrupt)
        for signal in Self.signals {
            var action = sigaction()
            action.__sigaction_handler.sa_handler = { number in SignalWatch.handle(number) }
            // The handler goes away with the first signal, so that the second one has its ordinary effect. System
            // calls are not restarted: a script that waits for input is to notice.
            action.sa_flags = Int32(bitPattern: UInt32(SA_RESETHAND))
            var before = sigaction()
            sigaction(signal, &action, &before)
            previous.append(before)
        }
    }

    private static func handle(_ number: Int32) {
        received.store(number, ordering: .releasing)
        targets?.interrupts.request()
        targets?.script.request()
    }

    /// The status to exit with if a signal came.
    var exitStatus: ExitStatus? {
        switch Self.received.load(ordering: .acquiring) {
        case SIGINT: .interrupted
        case SIGTERM: .terminated
        default: nil
        }
    }

    /// Puts the handlers back that were there before.
    func end() {
        for (signal, before) in zip(Self.signals, previous) {
            var before = before
            sigaction(signal, &before, nil)
        }
        Self.targets = nil
    }
}
