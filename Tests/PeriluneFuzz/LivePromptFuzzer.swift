import PeriluneLua
import PeriluneLuaRuntime
import PerilunePrompt
import PeriluneTrain

/// Types random lines wherever a running fit pauses, and sees whether another fit is what it always was afterwards.
struct LivePromptFuzzer: Fuzzer {
    func round(_ seed: UInt64, cases: Int, _ run: FuzzRun) throws {
        try withoutLeaks { try paused(seed, cases: cases, run) }
    }

    /// - Returns: the state in which it happened.
    private func paused(_ seed: UInt64, cases: Int, _ run: FuzzRun) throws -> LuaState {
        let state = try fuzzedState(run)
        let sound = try SoundFit(state)
        let typist = LiveTypist(state, run, seed)
        for _ in 0..<cases {
            try sound.renewPool()
            typist.linesLeft = 30
            let text = typist.text.fit()
            run.tryOut(text, in: state)
            guard state.stackHeight == 0, state.parkedErrorCount == 0, state.runHooks.current == nil else {
                throw FuzzFinding("a fit left something behind")
            }
            if let finding = typist.finding { throw finding }
            try sound.check()
        }
        return state
    }
}

/// Types a few random lines at each pause of the fits of a state, one after the other and within each other.
private final class LiveTypist {
    var text: LiveText
    /// So many lines it types in a fit before it stops that: a line may have given it a million epochs.
    var linesLeft = 0
    private(set) var finding: FuzzFinding?
    private let state: LuaState
    private let run: FuzzRun
    private var depth = 0

    init(_ state: LuaState, _ run: FuzzRun, _ seed: UInt64) {
        text = LiveText(seed: seed)
        self.state = state
        self.run = run
        state.runHooks.onInterrupt = { [unowned self] in answer($0) }
        state.runHooks.onPrompt = { [unowned self] in
            let prompt = Prompt(self.state) { _ in }
            type(at: prompt) { false }
        }
    }

    private func answer(_ interruption: Interruption) -> InterruptDecision {
        // The watchdog asks for an end.
        if case .prompt = interruption.cause { return .stop }
        var shown = 0
        let live = LivePrompt(state) { shown += $0.utf8.count }
        live.open(interruption)
        _ = interruption.summary(position: live.position)
        _ = live.prompt.evaluate(LiveText.prepare)
        type(at: live.prompt) { live.decision != nil }
        if shown >= 1 << 24 { finding = FuzzFinding("a pause shows \(shown) bytes") }
        return live.decision ?? (linesLeft > 0 ? .resume : .stop)
    }

    private func type(at prompt: Prompt, _ isDecided: () -> Bool) {
        depth += 1
        defer { depth -= 1 }
        // A line may run into the next pause, and that into another.
        guard depth <= 3 else { return }
        for _ in 0...text.random.below(4) where linesLeft > 0 && !isDecided() {
            linesLeft -= 1
            let line = text.line()
            run.start("\(depth)> " + line.debugDescription)
            run.watchdog.watch(line, in: state) {
                _ = prompt.completions(of: line)
                if prompt.evaluate(line) == .done { run.succeeded() }
            }
        }
    }
}
