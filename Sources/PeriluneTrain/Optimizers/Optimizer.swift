import PeriluneGraph
import PeriluneItems

/// An update rule with its hyper-parameters, which may change while a run goes on.
///
/// What it learns (moments, velocities) is kept by the trainer, so one optimizer may serve several models.
public final class Optimizer {
    public let rule: any UpdateRule
    /// The learning rate over time; nil: constant. Setting a learning rate removes it.
    public private(set) var schedule: (any Schedule)?
    /// What the schedule is multiplied with.
    public private(set) var scale = 1.0
    /// Updates done, as the trainer counts them: where in the schedule the next step is.
    public internal(set) var step = 0
    /// What a warm-up multiplies the learning rate with, schedule or not; 1 where there is none.
    public internal(set) var warmUpFactor = 1.0

    private(set) var constantLearningRate: Double
    private(set) var own: [Hyperparameter]
    private(set) var common: [Hyperparameter]
    private(set) var ownValues: [Double]
    private(set) var ownIsUsed: [Bool]
    private(set) var decays: Bool
    /// The moving average of the weights that comes with the updates.
    public internal(set) var movingAverage = MovingAverage()
    /// What the loss is multiplied with for the gradients, which are divided by it again; nil: nothing.
    public internal(set) var lossScaleFactor: Double?
    /// Changes when the graph of an update does.
    private(set) var structureVersion = 0

    /// - Throws: `TrainingError` for a value out of range, or more than one way of clipping, as in Keras.
    public init(
        _ rule: any UpdateRule, learningRate: Double, schedule: (any Schedule)? = nil, weightDecay: Double? = nil,
        clipping: GradientClipping = GradientClipping()
    ) throws(TrainingError) {
        self.rule = rule
        self.schedule = schedule
        constantLearningRate = learningRate
        own = rule.hyperparameters
        common = [
            Hyperparameter("weight_decay", weightDecay, .nonNegative),
            Hyperparameter("clipnorm", clipping.norm, .positive),
            Hyperparameter("clipvalue", clipping.value, .positive),
            Hyperparameter("global_clipnorm", clipping.globalNorm, .positive),
        ]
        ownValues = own.map { $0.value ?? 0 }
        ownIsUsed = ownValues.map { $0 != 0 }
        decays = (weightDecay ?? 0) != 0
        for parameter in [Hyperparameter("learning_rate", learningRate, .nonNegative)] + own + common {
            guard let value = parameter.value, !parameter.range.contains(value) else { continue }
            throw TrainingError(
                .invalidOption, "\(rule.name): '\(parameter.name)' must be \(parameter.range.description), got \(value)"
            )
        }
        guard common.dropFirst().count(where: { $0.value != nil }) <= 1 else {
            throw TrainingError(
                .invalidOption, "\(rule.name): only one of 'clipnorm', 'clipvalue' and 'global_clipnorm' can be set")
        }
    }
}

/// At most one of three bounds on gradients.
public struct GradientClipping: Hashable, Sendable {
    /// Bound on the Euclidean norm of each parameter's gradient.
    public var norm: Double?
    /// Bound on the magnitude of each element.
    public var value: Double?
    /// Bound on the Euclidean norm of all gradients together.
    public var globalNorm: Double?

    public init(norm: Double? = nil, value: Double? = nil, globalNorm: Double? = nil) {
        self.norm = norm
        self.value = value
        self.globalNorm = globalNorm
    }
}

// Reading and changing hyper-parameters by name.
extension Optimizer {
    public var name: String { rule.name }

    /// Every hyper-parameter's name; `lr` is accepted for `learning_rate`.
    public var names: [String] { ["learning_rate"] + (own + common).map(\.name) }

    /// The learning rate of the next step: the schedule's, scaled, or the constant, and warmed up.
    public var learningRate: Double { learningRate(at: step) }

    /// Whether the learning rate follows a schedule.
    public var hasSchedule: Bool { schedule != nil }

    /// The learning rate of the next step but for a warm-up: what setting and scaling it work on.
    public var fullLearningRate: Double { fullLearningRate(at: step) }

    func learningRate(at step: Int) -> Double { fullLearningRate(at: step) * warmUpFactor }

    private func fullLearningRate(at step: Int) -> Double {
        guard let schedule else { return constantLearningRate }
        return schedule.value(at: step) * scale
    }

    /// The value of a hyper-parameter; nil where there is none of that name, or it is switched off.
    public func value(of name: String) -> Double? {
        if name == "lr" || name == "learning_rate" { return learningRate }
        return (own + common).first { $0.name == name }?.value
    }

    /// Sets a hyper-parameter from the next step on. A learning rate replaces the schedule.
    /// - Throws: `DirectiveError` for an unknown name, with the nearest one, or a value out of range.
    public func set(_ name: String, _ value: Double) throws(DirectiveError) {
        try check(value, for: name)
        changingStructure {
            if name == "lr" || name == "learning_rate" {
                setLearningRate(value)
            } else if let index = own.firstIndex(where: { $0.name == name }) {
                own[index].value = value
                ownValues[index] = value
                ownIsUsed[index] = ownIsUsed[index] || value != 0
            } else if let index = common.firstIndex(where: { $0.name == name }) {
                common[index].value = value
                if index == 0 { decays = decays || value != 0 }
            }
        }
    }

    /// Makes a change that the graph of an update may depend on.
    func changingStructure(_ change: () -> Void) {
        let before = structure
        change()
        if structure != before { structureVersion += 1 }
    }

    /// Sets a learning rate that has been checked. Allocates nothing.
    func setLearningRate(_ value: Double) {
        constantLearningRate = value
        schedule = nil
        scale = 1
    }

    /// Sets one of the rule's own hyper-parameters, by its place, to a value that has been checked. Allocates nothing.
    func setOwn(at index: Int, _ value: Double) {
        own[index].value = value
        ownValues[index] = value
        guard value != 0, !ownIsUsed[index] else { return }
        ownIsUsed[index] = true
        structureVersion += 1
    }

    /// Multiplies the schedule, or the constant learning rate where there is none.
    /// - Throws: `DirectiveError` unless `factor` is finite and positive.
    public func scaleLearningRate(by factor: Double) throws(DirectiveError) {
        guard factor.isFinite, factor > 0 else {
            throw DirectiveError(key: "lr_scale", "'lr_scale' must be a finite number above 0, got \(factor)")
        }
        if hasSchedule { scale *= factor } else { constantLearningRate *= factor }
    }

    /// Follows `schedule` from the next step on.
    public func setSchedule(_ schedule: any Schedule) {
        self.schedule = schedule
        scale = 1
    }

    /// Takes all hyper-parameters over. A schedule stays the one that is there, or goes.
    func adopt(_ settings: OptimizerSettings) {
        changingStructure {
            constantLearningRate = settings.rate.constant
            scale = settings.rate.scale
            if settings.rate.schedule == nil { schedule = nil }
            for index in own.indices {
                guard let value = settings.values[own[index].name] else { continue }
                own[index].value = value
                ownValues[index] = value ?? 0
            }
            for index in common.indices {
                if let value = settings.values[common[index].name] { common[index].value = value }
            }
            if settings.used.count == ownIsUsed.count { ownIsUsed = settings.used }
            decays = settings.decays
        }
    }

    /// - Throws: `DirectiveError` where there is no hyper-parameter of this name or it does not take this value.
    func check(_ value: Double, for name: String) throws(DirectiveError) {
        if name == "lr" || name == "learning_rate" {
            guard Hyperparameter.Range.nonNegative.contains(value) else {
                throw DirectiveError(key: name, "the learning rate must be a finite number of 0 or more, got \(value)")
            }
            return
        }
        guard let known = (own + common).first(where: { $0.name == name }) else {
            let hint = NearestName.hint(name, among: names)
            throw DirectiveError(
                key: name,
                "\(self.name) has no hyper-parameter '\(name)'"
                    + (hint.isEmpty ? "; it has \(names.joined(separator: ", "))" : hint))
        }
        guard known.range.contains(value) else {
            throw DirectiveError(key: name, "'\(name)' must be \(known.range.description), got \(value)")
        }
        if common.dropFirst().contains(where: { $0.name == name }),
            let other = common.dropFirst().first(where: { $0.value != nil && $0.name != name })
        {
            throw DirectiveError(
                key: name,
                "'\(name)' cannot be set: the optimizer clips by '\(other.name)', and only one way is possible")
        }
    }
}
