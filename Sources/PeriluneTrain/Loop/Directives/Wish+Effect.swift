import PeriluneItems

// Which values a wish may have.
extension Wish {
    /// Checks what does not depend on the run.
    /// - Throws: `DirectiveError` for a value out of range.
    func check() throws(DirectiveError) {
        switch self {
        case .set(let setting):
            guard setting.name == "learning_rate" || setting.name == "lr" else { return }
            guard setting.value.isFinite, setting.value >= 0 else {
                throw DirectiveError(
                    key: "lr", "the learning rate must be a finite number of 0 or more, got \(setting.value)")
            }
        case .scaleLearningRate(let factor):
            guard factor.isFinite, factor > 0 else {
                throw DirectiveError(key: "lr_scale", "'lr_scale' must be a finite number above 0, got \(factor)")
            }
        case .epochs(let count), .batchSize(let count), .accumulate(let count):
            guard count >= 1 else { throw refusal("must be a whole number of 1 or more, got \(count)") }
        case .save(let path):
            guard !path.isEmpty else { throw refusal("must be the path of a file or folder to write to") }
        case .stop, .skip, .endEpoch, .validate, .freeze, .unfreeze, .restore, .pause, .log: return
        }
    }

    private func refusal(_ rule: String) -> DirectiveError {
        DirectiveError(key: key.rawValue, "'\(key.rawValue)' \(rule)")
    }
}

// When a wish can be carried out.
extension Wish {
    /// Checks this wish as returned from `event` of `run`.
    /// - Throws: `DirectiveError` where the event does not take it, or the optimizer or model has no such thing.
    func check(at event: Event, in run: Run) throws(DirectiveError) {
        try check()
        switch self {
        case .skip:
            guard event == .trainBatchBegin || event == .backwardEnd else {
                throw refusal("can be returned from on_train_batch_begin and on_backward_end, not from \(event)")
            }
        case .endEpoch:
            guard event.traits.isWithinEpoch else {
                throw refusal("needs an epoch that runs; \(event) is outside of one")
            }
        case .validate:
            guard run.hasValidation else { throw refusal("needs validation data; fit was given none") }
            guard event.traits.validation != .never else { throw refusal("cannot be returned from \(event)") }
        case .save, .restore: try checkCheckpoint(at: event, in: run)
        case .set(let setting): try run.optimizer.check(setting.value, for: setting.name)
        case .freeze(let pattern), .unfreeze(let pattern):
            let layers = run.engine.layerNames
            guard layers.contains(where: { Glob.matches(pattern, $0) }) else {
                throw DirectiveError(
                    key: key.rawValue,
                    "'\(key.rawValue)': no layer is called '\(pattern)'\(NearestName.hint(pattern, among: layers)); "
                        + "layers are " + layers.joined(separator: ", "))
            }
        case .stop, .scaleLearningRate, .epochs, .batchSize, .accumulate, .pause, .log: return
        }
    }

    /// Checkpoints are written between batches and between epochs of a fit.
    private func checkCheckpoint(at event: Event, in run: Run) throws(DirectiveError) {
        guard run.isTraining else { throw refusal("belongs to fit; this run does not train") }
        guard event.traits.takesCheckpoints else {
            let hint = key == .save ? "; model:save_weights(path) writes the weights at any time" : ""
            throw refusal("cannot be returned from \(event)\(hint)")
        }
    }
}

extension Directive {
    /// Checks this directive as returned from `event` of `run`.
    /// - Throws: as the checks of its wishes.
    func check(at event: Event, in run: Run) throws(DirectiveError) {
        for wish in wishes { try wish.check(at: event, in: run) }
    }
}

// What a wish does.
extension TrainingLoop {
    /// Carries out a wish that has been checked.
    func apply(_ wish: Wish, at event: Event) throws {
        switch wish {
        case .stop(let stop): run.stop(stop.reason, now: stop.now)
        case .set(let setting):
            if setting.name == "learning_rate", engine.optimizer.hasSchedule {
                run.say("\(event): the learning rate \(setting.value) replaces the schedule")
            }
            try engine.optimizer.set(setting.name, setting.value)
        case .scaleLearningRate(let factor): try engine.optimizer.scaleLearningRate(by: factor)
        case .skip: requests.skip = true
        case .endEpoch: requests.endsEpoch = true
        case .validate:
            switch event.traits.validation {
            case .atOnce: try validate(withinEpoch: true)
            case .afterBatch: requests.validates = true
            case .never: break
            }
        case .freeze(let pattern): engine.setFrozen(true, layersMatching: pattern)
        case .unfreeze(let pattern): engine.setFrozen(false, layersMatching: pattern)
        case .epochs(let count): state.params.epochs = count
        case .batchSize(let rows): state.params.batchSize = rows
        case .accumulate(let batches): state.params.accumulate = batches
        case .save(let path): requests.saves.append(path)
        case .restore(let restore): requests.restores = restore
        // `send` pauses when the other wishes of the event are carried out.
        case .pause: break
        // Written when the callback returned, so that later callbacks of the event see it.
        case .log: break
        }
    }
}
