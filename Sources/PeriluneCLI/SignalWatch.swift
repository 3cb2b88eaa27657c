import Glibc
import Perilune
import Synchronization

/// What Ctrl-C and SIGTERM do while scripts run.
///
/// In a fit at a terminal the first Ctrl-C opens the live prompt at the next boundary, a second one before it ends the
/// fit in order, a third ends the program. SIGTERM, and Ctrl-C with no terminal, end the fit in order at once; the fits
/// that follow end at their first batch. Code that does not train gets the error "interrupted". A function of the
/// script that does not come to its end meanwhile is interrupted after some ten million instructions.
///
/// One at a time; `end()` puts back what was there before.
final class SignalWatch {
    // What the handler reaches: atomics only. It must not retain, allocate or wait for a lock, and it may run on any
    // thread.
    /// How often each signal came since it was last taken up.
    private static let interruptCount = Atomic<Int>(0)
    private static let terminationCount = Atomic<Int>(0)
    /// The signal that asked the program to end in order; 0 where none did.
    private static let ending = Atomic<Int32>(0)
    /// The address of the innermost run's interrupts; 0 where there is none.
    private static let currentRun = Atomic<UInt>(0)
    private static let mayPrompt = Atomic<Bool>(false)
    /// Whether a person types at a prompt within the innermost run.
    private static let isPrompting = Atomic<Bool>(false)
    /// What interrupts the script, and the files of callbacks beside it. Changes only while no handler is installed.
    private static nonisolated(unsafe) var scripts = UnsafeMutableBufferPointer<LuaInterrupt>(start: nil, count: 0)

    private static let signals = [SIGINT, SIGTERM]
    /// What a function of the script may still do when its run is interrupted: some tenths of a second.
    private static let grace: Int32 = 10_000_000

    private let state: LuaState
    private let terminal: LiveTerminal?
    /// The runs in progress, innermost last, and whether a prompt is open within each.
    private var frames: [(run: Interrupts, isPrompting: Bool)] = []
    /// Keeps every run's interrupts alive: the handler may have looked just before a run ended.
    private var seen: [Interrupts] = []
    private var previous: [sigaction] = []

    init(_ state: LuaState) {
        self.state = state
        terminal = LiveTerminal(state)
        Self.interruptCount.store(0, ordering: .relaxed)
        Self.terminationCount.store(0, ordering: .relaxed)
        Self.ending.store(0, ordering: .relaxed)
        BrokenPipes.end()
        Self.mayPrompt.store(terminal != nil, ordering: .relaxed)
        Self.setScripts(([state] + state.runHooks.scripts.map(\.state)).compactMap(\.interrupt))
        publish()
        state.runHooks.willRun = { [unowned self] in begin($0) }
        state.runHooks.didRun = { [unowned self] in finish() }
        if let terminal {
            state.runHooks.onInterrupt = { [unowned self] in terminal.open($0, self) }
            state.runHooks.onPrompt = { [unowned self] in terminal.open(self) }
        }
        for signal in Self.signals { previous.append(Self.install(signal)) }
    }

    /// Puts the handlers back that were there before.
    func end() {
        for (signal, before) in zip(Self.signals, previous) {
            var before = before
            sigaction(signal, &before, nil)
        }
        let hooks = state.runHooks
        (hooks.willRun, hooks.didRun, hooks.onInterrupt, hooks.onPrompt) = (nil, nil, nil, nil)
        Self.setScripts([])
    }

    private static func setScripts(_ interrupts: [LuaInterrupt]) {
        scripts.deallocate()
        scripts = .allocate(capacity: interrupts.count)
        _ = scripts.initialize(from: interrupts)
    }

    /// Interrupts every script, at once or once it has had so many instructions more. Safe in the handler.
    private static func interruptScripts(afterInstructions count: Int32? = nil) {
        for index in 0..<scripts.count {
            if let count { scripts[index].request(afterInstructions: count) } else { scripts[index].request() }
        }
    }

    /// The status to exit with if a signal asked the program to end.
    var exitStatus: ExitStatus? {
        switch Self.ending.load(ordering: .acquiring) {
        case SIGINT: .interrupted
        case SIGTERM: .terminated
        default: nil
        }
    }
}

// What the rest of the program tells it.
extension SignalWatch {
    private func begin(_ run: Interrupts) {
        frames.append((run, false))
        if frames.count == 1 { terminal?.hidesKeys(true) }
        if !seen.contains(where: { $0 === run }) { seen.append(run) }
        publish()
        // The program is to end: this run does so at its first boundary.
        if Self.ending.load(ordering: .acquiring) != 0 { run.request(.stop) }
    }

    private func finish() {
        let ended = frames.popLast()?.run
        if frames.isEmpty { terminal?.hidesKeys(false) }
        publish()
        // The signal came after the run looked for the last time.
        if frames.isEmpty, let ended, ended.isRequested {
            ended.clear()
            if exitStatus == nil { Self.note(SIGINT) }
            Self.interruptScripts()
        }
    }

    /// Runs `body` as a prompt within the innermost run, or within none: the signal that led there is done with.
    func prompting(_ body: () -> Void) {
        if !frames.isEmpty { frames[frames.count - 1].isPrompting = true }
        publish()
        forgetInterrupt()
        body()
        if !frames.isEmpty { frames[frames.count - 1].isPrompting = false }
        publish()
        forgetInterrupt()
    }

    /// Makes the next Ctrl-C the first one again, and lets scripts run. A wish to end the program stays.
    func forgetInterrupt() {
        guard exitStatus != .terminated else { return }
        Self.interruptCount.store(0, ordering: .releasing)
        Self.ending.store(0, ordering: .releasing)
        BrokenPipes.end()
        frames.last?.run.clear()
        state.endInterrupts()
    }

    private func publish() {
        let current = frames.last.map { UInt(bitPattern: Unmanaged.passUnretained($0.run).toOpaque()) }
        Self.isPrompting.store(frames.last?.isPrompting ?? false, ordering: .relaxed)
        Self.currentRun.store(current ?? 0, ordering: .releasing)
    }
}

// The handler.
extension SignalWatch {
    private static func install(_ signal: Int32) -> sigaction {
        var action = sigaction()
        action.__sigaction_handler.sa_handler = { number in SignalWatch.handle(number) }
        // System calls are not restarted: a script that waits for input is to notice.
        action.sa_flags = 0
        var before = sigaction()
        sigaction(signal, &action, &before)
        return before
    }

    private static func handle(_ number: Int32) {
        let count =
            number == SIGINT
            ? interruptCount.add(1, ordering: .relaxed).newValue
            : terminationCount.add(1, ordering: .relaxed).newValue
        let asksFirst = number == SIGINT && mayPrompt.load(ordering: .relaxed)
        if count > (asksFirst ? 2 : 1) { return die(of: number) }
        guard let run = UnsafeRawPointer(bitPattern: currentRun.load(ordering: .acquiring)) else {
            note(number)
            interruptScripts()
            return
        }
        let interrupts = Unmanaged<Interrupts>.fromOpaque(run)
        switch (asksFirst, isPrompting.load(ordering: .relaxed), count) {
        case (true, true, _):
            // What was typed is stopped, also where it evaluates the model.
            interrupts._withUnsafeGuaranteedRef { $0.request(.prompt) }
            interruptScripts()
        case (true, false, 1):
            interrupts._withUnsafeGuaranteedRef { $0.request(.prompt) }
            interruptScripts(afterInstructions: grace)
        case (true, false, _):
            note(number)
            interrupts._withUnsafeGuaranteedRef { $0.request(.stop) }
            interruptScripts()
        case (false, _, _):
            note(number)
            interrupts._withUnsafeGuaranteedRef { $0.request(.stop) }
            interruptScripts(afterInstructions: grace)
        }
    }

    /// Whether code of a client runs; written and read on the thread that runs it.
    static let isServing = Atomic<Bool>(false)

    /// Stops that code, from a signal handler on its thread.
    static func interruptService() {
        if isServing.load(ordering: .acquiring) { interruptScripts() }
    }

    /// A signal asks the program to end.
    private static func note(_ number: Int32) {
        ending.store(number, ordering: .releasing)
        BrokenPipes.survive()
    }

    /// Lets the signal have its ordinary effect, once the handler returns.
    private static func die(of number: Int32) {
        signal(number, SIG_DFL)
        raise(number)
    }
}
