internal import PeriluneItems
internal import PeriluneLua
internal import PeriluneNN
internal import PeriluneTrain

/// Runs: how far it is, and how it went.
enum RunDisplay {
    static func text(_ box: LuaRun, _ style: PromptStyle) -> String {
        let run = box.run
        let batches = run.params.steps.map { " of \(ShortNumber.grouped($0))" } ?? ""
        var head = "run: epoch \(run.epoch) of \(run.params.epochs), batch \(run.batch)\(batches)"
        head += ", step \(ShortNumber.grouped(run.step)), \(ShortNumber.text(run.elapsed, digits: 3)) s"
        if run.endReason == nil, run.isStopping { head += ", stopping" }
        head += RunEnding.text(run.endReason, run.stopReason)
        var lines = [style.colored(head, .object)]
        lines.append(
            "model      \(box.model.model.name), \(ShortNumber.grouped(box.model.model.parameterCount)) parameters")
        lines.append("optimizer  \(OptimizerDisplay.brief(run.optimizer))")
        if !run.history.epochs.isEmpty { lines.append(HistoryDisplay.text(run.history, style)) }
        return lines.joined(separator: "\n")
    }
}
