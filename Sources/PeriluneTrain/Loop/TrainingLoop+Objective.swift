// What a run is judged by. A resumed one may be judged by something else: that is the user's to decide, and is told.
extension TrainingLoop {
    /// What a checkpoint keeps of it.
    var objectiveState: StateValue {
        ["loss": .text(engine.lossText), "metrics": .init(metricNames)]
    }

    private var metricNames: [String] { engine.metrics.map(\.name).filter { $0 != "loss" } }

    /// What is measured in another way than it was in the run of a checkpoint, or may be, a line each. Checkpoints of
    /// earlier versions do not tell.
    func objectiveChanges(since saved: StateValue?) -> [String] {
        var lines: [String] = []
        if let loss = saved?["loss"]?.text {
            if loss != engine.lossText {
                lines.append(
                    "resume: the loss was \(loss), and is \(engine.lossText) now; "
                        + "what was best so far was measured with the former")
            } else if !engine.lossesWithoutIdentity.isEmpty {
                let names = engine.lossesWithoutIdentity.joined(separator: ", ")
                lines.append("resume: whether \(names) is the loss that it was cannot be told: it has no identity")
            }
        }
        if let names = saved?["metrics"]?.texts, names != metricNames {
            func text(_ names: [String]) -> String { names.isEmpty ? "none" : names.joined(separator: ", ") }
            lines.append("resume: the metrics were \(text(names)), and are \(text(metricNames)) now")
        }
        return lines
    }
}
