/// The hyper-parameters of an optimizer at one moment, as checkpoints keep them.
struct OptimizerSettings: Hashable {
    /// The learning rate: a constant, or a schedule by some of its values, and what it is multiplied with.
    struct Rate: Hashable {
        var constant: Double
        var scale: Double
        /// What the schedule gives at steps far apart: enough to tell one from another. Nil where there is none.
        var schedule: [Double]?
    }

    var rate: Rate
    /// The other hyper-parameters by name; nil where one is switched off.
    var values: [String: Double?]
    /// Which of the rule's own have been other than 0.
    var used: [Bool]
    var decays: Bool
}

extension OptimizerSettings {
    var stateValue: StateValue {
        [
            "constant": .number(rate.constant), "scale": .number(rate.scale),
            "schedule": rate.schedule.map { .init($0) } ?? .null,
            "values": .record(values.mapValues { $0.map { .number($0) } ?? .null }),
            "used": .list(used.map { .boolean($0) }), "decays": .boolean(decays),
        ]
    }

    init?(_ value: StateValue?) {
        guard let value, let constant = value["constant"]?.number, let scale = value["scale"]?.number,
            let values = value["values"]?.record, let used = value["used"]?.list, let decays = value["decays"]?.boolean
        else { return nil }
        rate = Rate(constant: constant, scale: scale, schedule: value["schedule"]?.numbers)
        self.values = values.mapValues(\.number)
        self.used = used.map { $0.boolean ?? false }
        self.decays = decays
    }
}

extension Optimizer {
    /// Steps at which a schedule is looked at to tell it from another.
    private static let probes = [0, 1, 2, 5, 10, 50, 100, 500, 1000, 5000, 10_000, 100_000, 1_000_000]

    var settings: OptimizerSettings {
        OptimizerSettings(
            rate: .init(
                constant: constantLearningRate, scale: scale,
                schedule: schedule.map { schedule in Self.probes.map { schedule.value(at: $0) } }),
            values: Dictionary(uniqueKeysWithValues: (own + common).map { ($0.name, $0.value) }),
            used: ownIsUsed, decays: decays)
    }

    /// Goes back to what a checkpoint kept, but for what the user has set anew since.
    ///
    /// - Parameters:
    ///   - saved: the hyper-parameters when the checkpoint was written.
    ///   - before: what the run had begun with. Where that is not what this run began with, the user has changed it,
    ///     and the new value counts.
    ///   - now: what this run began with.
    /// - Returns: the names of hyper-parameters that the user has changed.
    func restore(_ saved: OptimizerSettings, begunWith before: OptimizerSettings, now: OptimizerSettings) -> [String] {
        var changed: [String] = []
        var target = now
        if now.rate == before.rate {
            target.rate = saved.rate
        } else {
            changed.append("learning_rate")
        }
        for (name, value) in now.values {
            if value == before.values[name] {
                target.values[name] = saved.values[name] ?? value
            } else {
                changed.append(name)
            }
        }
        target.used = zip(now.used, saved.used).map { $0 || $1 }
        target.decays = now.decays || saved.decays
        adopt(target)
        return changed
    }
}
