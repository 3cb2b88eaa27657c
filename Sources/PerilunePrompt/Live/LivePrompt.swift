internal import PeriluneItems
internal import PeriluneLua
public import PeriluneLuaRuntime
public import PeriluneTrain

/// The prompt inside a run that stands still: everything of the run can be read and changed, and a word says how it
/// goes on.
///
///     let live = LivePrompt(state) { Terminal.write($0) }
///     live.open(interruption)
///     while live.decision == nil, let line = readLine() { _ = live.prompt.evaluate(line) }
///
/// It may be opened again and again: what was typed before (locals, results) is still there.
public final class LivePrompt {
    public let prompt: Prompt
    /// How the run is to go on; nil while nothing was decided since `open`.
    public private(set) var decision: InterruptDecision?

    public init(_ state: LuaState, output: @escaping (String) -> Void) {
        prompt = Prompt(state, output: output)
        prompt.commands += commands
    }

    /// Begins to talk about `interruption`: its run, model and so on become names of the prompt.
    public func open(_ interruption: Interruption) {
        decision = nil
        let state = prompt.state
        let run = interruption.run
        // Of the function that called `fit`, or of the one that says `lune.prompt()`.
        prompt.values = state.callerLocals(leavingOut: PromptTrace.runnerName)
        // Scripts tend to have it as a local.
        if state[global: "lune"].isNil { prompt.values["lune"] = .table(PeriluneModule.table(in: state)) }
        prompt.values["logs"] = .table(state.makeTable(interruption.logs))
        prompt.values["history"] = .object(run.recorder)
        prompt.values["optimizer"] = .object(run.optimizer)
        guard let box = try? state.session.object(for: run) else { return }
        prompt.values["run"] = .object(box)
        prompt.values["model"] = .object(box.model)
    }

    /// The line of the script that called, while one waits for a breakpoint: `train.lua:12`.
    public var position: String {
        let prefix = prompt.state.scriptPosition
        return prefix.hasSuffix(": ") ? String(prefix.dropLast(2)) : prefix
    }

    /// What is here, and the commands that decide: two lines that fit an ordinary terminal.
    public static let hint = """
        run, model, optimizer, history, logs and the locals of the script are here
        continue, step [n], next, stop or abort
        """

    private var commands: [PromptCommand] {
        [
            plain("continue", "Go on.", .resume),
            PromptCommand("step", parameters: "[n]", help: "Go on for n batches, 1 if left out, and pause again.") {
                [unowned self] rest, _ in
                let text = rest.isEmpty ? "1" : rest
                guard let count = Int(text), count >= 1 else {
                    throw PromptFault("step takes a number of batches of 1 or more, got '\(rest)'")
                }
                return decide(.step(batches: count))
            },
            plain("next", "Go on to the end of the epoch and pause again.", .nextEpoch),
            plain("stop", "End the run in order: fit returns its history.", .stop),
            plain("abort", "End the run at once: fit raises an error.", .abort),
        ]
    }

    private func plain(_ name: String, _ help: String, _ decision: InterruptDecision) -> PromptCommand {
        PromptCommand(name, help: help) { [unowned self] _, _ in decide(decision) }
    }

    private func decide(_ decision: InterruptDecision) -> PromptOutcome {
        self.decision = decision
        return .left
    }
}
