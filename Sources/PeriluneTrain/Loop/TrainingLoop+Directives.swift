// The one place where callbacks are asked and what they want is done.
extension TrainingLoop {
    func send(_ event: Event, _ logs: Logs) throws {
        guard hasListeners(event) else { return }
        let outer = state.event
        state.event = event
        state.eventNumber += 1
        defer { state.event = outer }
        let merger = try state.callbacks.send(EventContext(event: event, logs: logs, run: run, message: ""))
        // A run that is being closed down is not steered any more.
        guard let merger, state.endReason == nil else { return }
        for remark in merger.remarks { run.say("\(event): \(remark)") }
        for wish in merger.merged.wishes { try apply(wish, at: event) }
        if let error = merger.interruption { return try endInterrupted(error, in: event) }
        if let callback = merger.pausing { try pause(callback, at: event) }
    }

    /// A callback wants to pause.
    private func pause(_ callback: String, at event: Event) throws {
        do {
            try ask(.directive(callback: callback), at: .event(event))
        } catch let error as TrainingError where error.code == .noPrompt {
            let context = EventContext(event: event, logs: Logs(), run: run, message: "")
            throw TrainingError.wrapping(error, at: context, callback: callback)
        }
    }
}
