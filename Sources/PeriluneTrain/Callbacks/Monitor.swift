import PeriluneGraph
import PeriluneItems
import PeriluneNN

/// Watches one quantity of the logs and tells whether it got better. Shared by everything that has a patience.
///
/// Better is strict: by more than `minDelta` below (or above) the best so far, and the first number counts as better.
/// NaN never does, so a NaN at the start cannot freeze the best.
public struct Monitor: Sendable {
    /// Which way is better.
    public enum Mode: String, Hashable, Sendable, CaseIterable {
        /// What the metric declares; the loss gets better downwards.
        case auto
        case min
        case max
    }

    public let name: String
    /// Who monitors, for remarks.
    private let callback: String
    public let mode: Mode
    /// Not negative: the sign of what was given does not matter, as in Keras.
    public let minDelta: Double
    /// The best value so far; nil before the first number.
    public internal(set) var best: Double?
    /// Which way is better, in the run that was prepared for last.
    private(set) var direction = MetricDirection.minimize
    /// The validation whose value has been used, so that none counts twice.
    private var lastEvaluation = 0

    /// - Throws: `TrainingError` where `minDelta` is not finite.
    public init(_ name: String, mode: Mode = .auto, minDelta: Double = 0, for callback: String) throws(TrainingError) {
        try OptionCheck(callback).finite("min_delta", minDelta)
        self.name = name
        self.callback = callback
        self.mode = mode
        self.minDelta = abs(minDelta)
    }

    /// Forgets earlier runs and finds the direction for this one.
    ///
    /// With `mode` given, a name that the run does not know is allowed: callbacks may write it to the logs.
    /// - Throws: `TrainingError` where the name or its direction is unknown.
    mutating func prepare(for run: Run, initial: Double? = nil) throws(TrainingError) {
        best = initial
        lastEvaluation = 0
        switch mode {
        case .min: direction = .minimize
        case .max: direction = .maximize
        case .auto:
            guard let quantity = run.quantities.first(where: { $0.name == name }) else {
                throw TrainingError(.unknownMonitor, unknownMessage(run))
            }
            guard let known = quantity.direction else {
                throw TrainingError(
                    .unknownMonitor,
                    "'\(name)' does not say which way it gets better; give mode = \"min\" or mode = \"max\"")
            }
            direction = known
        }
    }

    private func unknownMessage(_ run: Run) -> String {
        let known = run.quantities.map(\.name)
        if name.hasPrefix("val_"), !run.hasValidation, known.contains(String(name.dropFirst(4))) {
            return "there is nothing called '\(name)' to monitor: fit was given no validation data"
        }
        return "there is nothing called '\(name)' to monitor\(NearestName.hint(name, among: known)); there are "
            + known.joined(separator: ", ") + ". A name that callbacks write to the logs needs a mode, min or max"
    }

    /// What tells a callback with this monitor from others of its kind.
    func identity(_ kind: String, _ details: String) -> CallbackIdentity {
        CallbackIdentity(kind: kind, .quantity(name), details: "\(mode) \(minDelta) \(details)")
    }

    /// The same for one that is known by its file.
    func fileIdentity(_ kind: String, _ path: String, details: String) -> CallbackIdentity {
        .file(kind: kind, path, details: "\(name) \(mode) \(details)")
    }

    /// What a checkpoint keeps.
    var state: StateValue {
        [
            "best": best.map { .number($0) } ?? .null, "last_evaluation": .integer(lastEvaluation),
            "name": .text(name), "direction": .text(direction.rawValue),
        ]
    }

    /// Whether what a checkpoint kept of a monitor is of the same quantity, and a callback can go on with it. One that
    /// watches something else now begins afresh, and this says so.
    func isGoingOn(with state: StateValue?, for callback: String, in run: Run) -> Bool {
        guard let saved = state?["name"]?.text, saved != name || state?["direction"] != self.state["direction"] else {
            return true
        }
        run.sayOnce(
            "\(callback): watches '\(name)' (\(direction.rawValue)), and "
                + "'\(saved)' (\(state?["direction"]?.text ?? "?")) when the checkpoint was written; it begins afresh")
        return false
    }

    /// Goes back to what a checkpoint kept.
    mutating func restore(_ state: StateValue?) {
        best = state?["best"]?.number
        lastEvaluation = state?["last_evaluation"]?.count ?? 0
    }

    /// Whether `value` is better than `reference` by more than `minDelta`.
    public func isBetter(_ value: Double, than reference: Double?) -> Bool {
        direction.isBetter(value, than: reference, by: minDelta)
    }

    /// Whether the quantity is one of validation.
    var isOfValidation: Bool { name.hasPrefix("val_") }

    /// Whether `value` is at `goal`, or better.
    public func reaches(_ value: Double, _ goal: Double) -> Bool { direction.reaches(value, goal) }

    /// Takes `value` as the best where it is better.
    mutating func improves(_ value: Double) -> Bool {
        guard isBetter(value, than: best) else { return false }
        best = value
        return true
    }

    /// The value to judge at `event`, or nil where this event has none.
    ///
    /// A validation within an epoch is judged when it ends, and then not once more with the logs of the epoch. An epoch
    /// that did not train, and a run that failed, have nothing to judge.
    mutating func value(at event: Event, _ logs: Logs, _ run: Run) -> Double? {
        guard run.isTraining, !run.isFailing, run.batchesTrained > 0 else { return nil }
        let isValidated = run.hasValidation && run.quantities.contains { $0.name == name } && name.hasPrefix("val_")
        if event == .testEnd {
            guard isValidated, run.isValidationWithinEpoch else { return nil }
            lastEvaluation = run.evaluationCount
            return logs[String(name.dropFirst(4))]
        }
        if isValidated, lastEvaluation == run.evaluationCount, lastEvaluation > 0 { return nil }
        guard let value = logs[name] else {
            if !isValidated {
                run.say(
                    "\(callback): the logs of epoch \(run.epoch) have no '\(name)'"
                        + NearestName.hint(name, among: logs.names)
                        + "; there are \(logs.names.joined(separator: ", "))")
            }
            return nil
        }
        return value
    }
}
