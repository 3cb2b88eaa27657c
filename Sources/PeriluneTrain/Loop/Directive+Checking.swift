import PeriluneGraph
import PeriluneItems

extension Directive {
    /// Checks what does not depend on the run.
    /// - Throws: `DirectiveError` for a value out of range.
    func check() throws(DirectiveError) {
        for setting in hyperparameters where setting.name == "learning_rate" {
            guard setting.value.isFinite, setting.value >= 0 else {
                throw DirectiveError(
                    key: "lr", "the learning rate must be a finite number of 0 or more, got \(setting.value)")
            }
        }
        if let scale = learningRateScale, !(scale.isFinite && scale > 0) {
            throw DirectiveError(key: "lr_scale", "'lr_scale' must be a finite number above 0, got \(scale)")
        }
        if let epochs, epochs < 1 {
            throw DirectiveError(key: "epochs", "'epochs' must be a whole number of 1 or more, got \(epochs)")
        }
        if let batchSize, batchSize < 1 {
            throw DirectiveError(
                key: "batch_size", "'batch_size' must be a whole number of 1 or more, got \(batchSize)")
        }
        if let accumulate, accumulate < 1 {
            throw DirectiveError(
                key: "accumulate", "'accumulate' must be a whole number of 1 or more, got \(accumulate)")
        }
    }

    /// Checks this directive as returned from `event` of `run`.
    /// - Throws: `DirectiveError` where the event does not take it, or the optimizer or model has no such thing.
    func check(at event: Event, in run: Run) throws(DirectiveError) {
        try check()
        if skip, event != .trainBatchBegin, event != .backwardEnd {
            throw DirectiveError(
                key: "skip", "'skip' can be returned from on_train_batch_begin and on_backward_end, not from \(event)")
        }
        if endEpoch, !event.traits.isWithinEpoch {
            throw DirectiveError(key: "end_epoch", "'end_epoch' needs an epoch that runs; \(event) is outside of one")
        }
        if validate { try checkValidation(at: event, in: run) }
        try checkCheckpoints(at: event, in: run)
        for setting in hyperparameters {
            try run.optimizer.check(setting.value, for: setting.name)
        }
        for (key, pattern) in freeze.map({ ("freeze", $0) }) + unfreeze.map({ ("unfreeze", $0) }) {
            let layers = run.engine.layerNames
            guard layers.contains(where: { Glob.matches(pattern, $0) }) else {
                throw DirectiveError(
                    key: key,
                    "'\(key)': no layer is called '\(pattern)'\(NearestName.hint(pattern, among: layers)); layers are "
                        + layers.joined(separator: ", "))
            }
        }
    }

    private func checkValidation(at event: Event, in run: Run) throws(DirectiveError) {
        guard run.hasValidation else {
            throw DirectiveError(key: "validate", "'validate' needs validation data; fit was given none")
        }
        guard event.traits.validation != .never else {
            throw DirectiveError(key: "validate", "'validate' cannot be returned from \(event)")
        }
    }
}
