import PeriluneItems

/// The options that every optimizer has.
struct CommonOptimizerOptions {
    /// The constant learning rate; the one of `start` where there is a schedule.
    let rate: Double
    let schedule: (any Schedule)?
    let weightDecay: Double?
    let clipping: GradientClipping
}

/// An optimizer with its rule as what it is: the options of a rule are read where they are.
struct RuledOptimizer<Rule: UpdateRule> {
    let optimizer: Optimizer
    let rule: Rule
}

extension RuledOptimizer {
    /// nil where the optimizer has a rule of another type.
    init?(_ optimizer: Optimizer) {
        guard let rule = optimizer.rule as? Rule else { return nil }
        self.init(optimizer: optimizer, rule: rule)
    }
}

extension ItemDeclaration where Product == Optimizer {
    /// The declaration of an optimizer, with the options that every one has.
    /// - Parameters:
    ///   - start: an optimizer of default options.
    ///   - rule: its rule, of the type that the declaration is for.
    ///   - own: the options of the rule.
    init<Rule>(
        optimizer name: String, _ start: @escaping @autoclosure @Sendable () throws -> Optimizer,
        rule: @escaping @autoclosure @Sendable () -> Rule,
        own: @escaping @autoclosure @Sendable () -> [ItemOption<RuledOptimizer<Rule>>], help: String,
        make: @escaping @Sendable (ItemOptions<RuledOptimizer<Rule>>, CommonOptimizerOptions) throws -> Optimizer
    ) {
        self.init(
            name, RuledOptimizer(optimizer: try start(), rule: rule()), of: { RuledOptimizer($0) },
            positional: [
                .optional("learning_rate", \.optimizer.rate, .rate, aliases: ["lr"], "the step size, or a schedule")
            ],
            options: own() + [
                .optional(
                    "weight_decay", \.optimizer.weightDecay, .number(.atLeast(0)),
                    "how much of each weight is taken away in a step, times the step size"),
                .optional(
                    "clipnorm", \.optimizer.clipnorm, .number(.above(0)), "the largest norm of each weight's gradient"),
                .optional(
                    "clipvalue", \.optimizer.clipvalue, .number(.above(0)),
                    "the largest magnitude of a gradient's element"),
                .optional(
                    "global_clipnorm", \.optimizer.globalClipnorm, .number(.above(0)),
                    "the largest norm of all gradients together"),
            ], help: help, isDescribed: { $0.optimizer.name == name }
        ) { options in
            let rate = try options[\.optimizer.rate]
            let common = CommonOptimizerOptions(
                rate: try rate.constant ?? start().learningRate, schedule: rate.schedule,
                weightDecay: try options[\.optimizer.weightDecay],
                clipping: GradientClipping(
                    norm: try options[\.optimizer.clipnorm], value: try options[\.optimizer.clipvalue],
                    globalNorm: try options[\.optimizer.globalClipnorm]))
            return try make(options, common)
        }
    }
}

/// A learning rate as an option: a number, or a schedule.
enum LearningRate {
    case constant(Double)
    case schedule(any Schedule)

    var constant: Double? { if case .constant(let rate) = self { rate } else { nil } }
    var schedule: (any Schedule)? { if case .schedule(let schedule) = self { schedule } else { nil } }
}

extension OptionForm where Value == LearningRate {
    fileprivate static var rate: Self {
        let number = OptionForm<Double>.number(.atLeast(0))
        let schedule = OptionForm<any Schedule>.item(ScheduleCatalogue.self)
        return Self(.either(number.type, .host(ScheduleCatalogue.kind))) { rate in
            switch rate {
            case .constant(let value): number.write(value)
            case .schedule(let value): schedule.write(value)
            }
        } read: { input in
            if let value = try number.read(input) { return .constant(value) }
            return try schedule.read(input).map { .schedule($0) }
        }
    }
}

// What options describe of an optimizer: the values that it has now.
extension Optimizer {
    var rate: LearningRate { schedule.map { .schedule($0) } ?? .constant(constantLearningRate) }
    var weightDecay: Double? { value(of: "weight_decay") }
    var clipnorm: Double? { value(of: "clipnorm") }
    var clipvalue: Double? { value(of: "clipvalue") }
    var globalClipnorm: Double? { value(of: "global_clipnorm") }
    var momentum: Double { value(of: "momentum") ?? 0 }
    var epsilon: Double { value(of: "epsilon") ?? 0 }
    var beta1: Double { value(of: "beta_1") ?? 0 }
    var beta2: Double { value(of: "beta_2") ?? 0 }
    var rho: Double { value(of: "rho") ?? 0 }
}

// Options that several rules have.
extension ItemOption {
    static func momentum<Rule>() -> Self where Item == RuledOptimizer<Rule> {
        .optional("momentum", \.optimizer.momentum, .number(.within(0..<1)), "how much of the last step is kept")
    }

    static func epsilon<Rule>() -> Self where Item == RuledOptimizer<Rule> {
        .optional("epsilon", \.optimizer.epsilon, .number(.atLeast(0)), "keeps divisions from 0")
    }

    static func beta1<Rule>() -> Self where Item == RuledOptimizer<Rule> {
        .optional("beta_1", \.optimizer.beta1, .number(.within(0..<1)), "decay of the mean")
    }

    static func beta2<Rule>() -> Self where Item == RuledOptimizer<Rule> {
        .optional("beta_2", \.optimizer.beta2, .number(.within(0..<1)), "decay of the mean square")
    }
}
