public import PeriluneItems

/// The optimizers by name.
public enum OptimizerCatalogue: ItemCatalogue {
    public static let kind = "optimizer"

    public static let declarations: [OptimizerDeclaration] = [
        SGD.declaration, Adam.declaration, AdamW.declaration, RMSprop.declaration, Adagrad.declaration,
        Adadelta.declaration, Adamax.declaration, Nadam.declaration, Adafactor.declaration, Lion.declaration,
        Lamb.declaration, Ftrl.declaration, Muon.declaration, ScheduleFreeAdamW.declaration,
    ]
}

/// What an optimizer is called, which options it takes and how it is made.
public typealias OptimizerDeclaration = ItemDeclaration<Optimizer>

/// The options that every optimizer has.
struct CommonOptimizerOptions {
    /// The constant learning rate; the one of `start` where there is a schedule.
    let rate: Double
    let schedule: (any Schedule)?
    let weightDecay: Double?
    let clipping: GradientClipping
}

extension ItemDeclaration where Product == Optimizer {
    /// The declaration of an optimizer, with the options that every one has.
    /// - Parameter own: the options of the rule.
    init(
        optimizer name: String, _ start: @escaping @autoclosure @Sendable () throws -> Optimizer,
        own: @escaping @autoclosure @Sendable () -> [ItemOption<Optimizer>], help: String,
        make: @escaping @Sendable (ItemOptions<Optimizer>, CommonOptimizerOptions) throws -> Optimizer
    ) {
        self.init(
            name, try start(),
            positional: [
                .optional("learning_rate", \.rate, .rate, aliases: ["lr"], "the step size, or a schedule")
            ],
            options: own() + [
                .optional(
                    "weight_decay", \.weightDecay, .number(.atLeast(0)),
                    "how much of each weight is taken away in a step, times the step size"),
                .optional("clipnorm", \.clipnorm, .number(.above(0)), "the largest norm of each weight's gradient"),
                .optional(
                    "clipvalue", \.clipvalue, .number(.above(0)), "the largest magnitude of a gradient's element"),
                .optional(
                    "global_clipnorm", \.globalClipnorm, .number(.above(0)),
                    "the largest norm of all gradients together"),
                .optional(
                    "use_ema", \.keepsAverage, .boolean,
                    "whether to keep a moving average of the weights, which a fit ends with"),
                .optional("ema_momentum", \.averageMomentum, .number(.within(0...1)), "what stays of it at a step"),
                .optional(
                    "ema_overwrite_frequency", \.overwriteFrequency, .count(atLeast: 1),
                    "steps from one to the next at which the weights become their average"),
                .optional(
                    "loss_scale_factor", \.lossScaleFactor, .number(.above(0)),
                    "what the loss is multiplied with for the gradients, which are divided by it again"),
            ], help: help, isDescribed: { $0.name == name }
        ) { options in
            let rate = try options[\.rate]
            let common = CommonOptimizerOptions(
                rate: try rate.constant ?? start().learningRate, schedule: rate.schedule,
                weightDecay: try options[\.weightDecay],
                clipping: GradientClipping(
                    norm: try options[\.clipnorm], value: try options[\.clipvalue],
                    globalNorm: try options[\.globalClipnorm]))
            let optimizer = try make(options, common)
            try optimizer.setMovingAverage(
                MovingAverage(
                    isKept: options[\.keepsAverage], momentum: options[\.averageMomentum],
                    overwriteFrequency: options[\.overwriteFrequency]))
            try optimizer.setLossScaleFactor(options[\.lossScaleFactor])
            return optimizer
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
