import Glibc
import Perilune
import Synchronization

/// Lets Ctrl-C and SIGTERM end a script in order: a fit that is running ends at its next batch boundary with all its
/// end events, and the script goes on from there; other code gets the error "interrupted". A second Ctrl-C is abrupt.
///
/// One at a time; `end()` puts back what was there before.
final class SignalWatch {
    // What the handler reaches: atomics only. It must not retain, allocate or wait for a lock, and it may run on any
    // thread.
    private static let received = Atomic<Int32>(0)
    /// The address of the innermost run's interrupts; 0 where there is none.
    private static let currentRun = Atomic<UInt>(0)
    private static nonisolated(unsafe) var script: LuaInterrupt?

    private static let signals = [SIGINT, SIGTERM]

    private let state: LuaState
    /// The runs in progress, innermost last.
    private var runs: [Interrupts] = []
    /// Keeps every run's interrupts alive: the handler may have looked just before a run ended.
    private var seen: [Interrupts] = []
    private var previous: [sigaction] = []

    init(_ state: LuaState) {
        self.state = state
        Self.received.store(0, ordering: .relaxed)
        Self.currentRun.store(0, ordering: .relaxed)
        Self.script = state.interrupt
        state.runHooks.willRun = { [unowned self] in begin($0) }
        state.runHooks.didRun = { [unowned self] in finish() }
        for signal in Self.signals { previous.append(Self.install(signal)) }
    }

    private func begin(_ run: Interrupts) {
        runs.append(run)
        if !seen.contains(where: { $0 === run }) { seen.append(run) }
        publish()
    }

    private func finish() {
        let ended = runs.popLast()
        publish()
        // The signal came after the run looked for the last time.
        if runs.isEmpty, let ended, ended.isRequested {
            ended.clear()
            Self.script?.request()
        }
    }

    private func publish() {
        let current = runs.last.map { UInt(bitPattern: Unmanaged.passUnretained($0).toOpaque()) }
        Self.currentRun.store(current ?? 0, ordering: .releasing)
    }

    private static func install(_ signal: Int32) -> sigaction {
        var action = sigaction()
        action.__sigaction_handler.sa_handler = { number in SignalWatch.handle(number) }
        // The handler goes away with the first signal, so that the second one has its ordinary effect. System calls
        // are not restarted: a script that waits for input is to notice.
        action.sa_flags = Int32(truncatingIfNeeded: SA_RESETHAND)
        var before = sigaction()
        sigaction(signal, &action, &before)
        return before
    }

    private static func handle(_ number: Int32) {
        received.store(number, ordering: .releasing)
        if let run = UnsafeRawPointer(bitPattern: currentRun.load(ordering: .acquiring)) {
            Unmanaged<Interrupts>.fromOpaque(run)._withUnsafeGuaranteedRef { $0.request() }
        } else {
            script?.request()
        }
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
        (state.runHooks.willRun, state.runHooks.didRun) = (nil, nil)
        Self.script = nil
    }
}
