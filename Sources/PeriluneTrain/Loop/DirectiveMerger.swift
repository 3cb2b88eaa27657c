/// Merges the directives of one event, and takes the errors of its callbacks. Made only where there are any.
///
/// Any stop stops, the first reason given is kept, and `now` wins over later. For a value the last one wins; where that
/// changes an earlier one, a remark says so. Scales multiply. Patterns and log entries add up.
final class DirectiveMerger {
    private(set) var merged = Directive()
    /// One line for each value that a later callback changed.
    private(set) var remarks: [String] = []
    /// The first callback that wants to pause.
    private(set) var pausing = ""
    /// The first callback that the user interrupted, as an error that says where.
    private(set) var interruption: TrainingError?
    /// The first error, with the others in it.
    private(set) var failure: TrainingError?
    /// Who set a value last.
    private var sources: [String: (callback: String, value: String)] = [:]

    init() {}

    func add(_ directive: Directive, from callback: String) {
        if let stop = directive.stop {
            merged.stop = merged.stop.map { DirectiveMerger.merged($0, stop) } ?? stop
        }
        for setting in directive.hyperparameters {
            note(setting.name, "\(setting.value)", from: callback)
            merged.hyperparameters.removeAll { $0.name == setting.name }
            merged.hyperparameters.append(setting)
        }
        if let scale = directive.learningRateScale {
            merged.learningRateScale = (merged.learningRateScale ?? 1) * scale
        }
        if let epochs = directive.epochs {
            note("epochs", "\(epochs)", from: callback)
            merged.epochs = epochs
        }
        if let batchSize = directive.batchSize {
            note("batch_size", "\(batchSize)", from: callback)
            merged.batchSize = batchSize
        }
        if let accumulate = directive.accumulate {
            note("accumulate", "\(accumulate)", from: callback)
            merged.accumulate = accumulate
        }
        merged.skip = merged.skip || directive.skip
        merged.endEpoch = merged.endEpoch || directive.endEpoch
        merged.validate = merged.validate || directive.validate
        merged.freeze += directive.freeze
        merged.unfreeze += directive.unfreeze
        merged.log += directive.log
        merged.save += directive.save
        if let restore = directive.restore {
            note("restore", restore.source.text, from: callback)
            merged.restore = restore
        }
        if directive.pause, !merged.pause { (merged.pause, pausing) = (true, callback) }
    }

    /// Takes up the error of a callback. One that was interrupted has not failed.
    func note(_ error: TrainingError) {
        if error.code == .interrupted {
            interruption = interruption ?? error
        } else if failure == nil {
            failure = error
        } else {
            failure?.suppressed.append(error.description)
        }
    }

    /// Two wishes to stop as one.
    static func merged(_ a: Directive.Stop, _ b: Directive.Stop) -> Directive.Stop {
        Directive.Stop(reason: a.reason ?? b.reason, now: a.now || b.now)
    }

    private func note(_ name: String, _ value: String, from callback: String) {
        if let earlier = sources[name], earlier.value != value {
            remarks.append("\(name): \(value) from '\(callback)' replaces \(earlier.value) from '\(earlier.callback)'")
        }
        sources[name] = (callback, value)
    }
}

extension DirectiveMerger? {
    /// The merger, which is made now where there is none yet.
    mutating func made() -> DirectiveMerger {
        let merger = self ?? DirectiveMerger()
        self = merger
        return merger
    }
}
