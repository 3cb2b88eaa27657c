internal import PeriluneGraph
internal import PeriluneItems
internal import PeriluneTrain

/// `lune.optimizers`: how gradients change weights.
enum OptimizerBindings {
    static let functions: [Binding] = [
        make(
            "sgd", rate: 0.01,
            [
                momentum,
                .optional("nesterov", .boolean, default: false, "whether to look ahead"),
            ], help: "Stochastic gradient descent, with momentum if asked."
        ) { arguments, rate, schedule, clipping in
            try .sgd(
                learningRate: rate, momentum: arguments.number("momentum"), nesterov: arguments.boolean("nesterov"),
                weightDecay: arguments.optionalNumber("weight_decay"), clipping: clipping, schedule: schedule)
        },
        make("adam", rate: 0.001, betas + [epsilon], help: "Adam (Kingma and Ba 2014).") {
            arguments, rate, schedule, clipping in
            try .adam(
                learningRate: rate, beta1: arguments.number("beta_1"), beta2: arguments.number("beta_2"),
                epsilon: arguments.number("epsilon"), weightDecay: arguments.optionalNumber("weight_decay"),
                clipping: clipping, schedule: schedule)
        },
        make(
            "adamw", rate: 0.001, betas + [epsilon], decay: 0.004,
            help: "Adam with decoupled weight decay (Loshchilov and Hutter 2019)."
        ) { arguments, rate, schedule, clipping in
            try .adamW(
                learningRate: rate, weightDecay: arguments.number("weight_decay"), beta1: arguments.number("beta_1"),
                beta2: arguments.number("beta_2"), epsilon: arguments.number("epsilon"), clipping: clipping,
                schedule: schedule)
        },
        make(
            "rmsprop", rate: 0.001,
            [
                .optional("rho", .number(.within(0..<1)), default: 0.9, "decay of the mean square"), momentum, epsilon,
                .optional("centered", .boolean, default: false, "whether to subtract the mean's square"),
            ], help: "Divides by a running mean of magnitudes (Tieleman and Hinton 2012)."
        ) { arguments, rate, schedule, clipping in
            try .rmsprop(
                learningRate: rate, rho: arguments.number("rho"), momentum: arguments.number("momentum"),
                epsilon: arguments.number("epsilon"), centered: arguments.boolean("centered"),
                weightDecay: arguments.optionalNumber("weight_decay"), clipping: clipping, schedule: schedule)
        },
        make(
            "adagrad", rate: 0.001,
            [
                .optional("initial_accumulator_value", .number(.atLeast(0)), default: 0.1, "where the sums begin"),
                epsilon,
            ], help: "Divides by the sum of squares so far (Duchi et al. 2011)."
        ) { arguments, rate, schedule, clipping in
            try .adagrad(
                learningRate: rate, initialAccumulator: arguments.number("initial_accumulator_value"),
                epsilon: arguments.number("epsilon"), weightDecay: arguments.optionalNumber("weight_decay"),
                clipping: clipping, schedule: schedule)
        },
    ]

    /// The names, as strings stand for optimizers with their defaults.
    static let names = functions.map(\.name)

    /// The optimizer of this name with its defaults.
    static func named(_ name: String, in state: LuaState) throws -> Optimizer {
        guard let binding = functions.first(where: { $0.name == name.lowercased() }) else {
            let hint = NearestName.hint(name, among: names)
            throw TensorFault(
                "unknown optimizer '\(name)'\(hint.isEmpty ? "; known: " + names.joined(separator: ", ") : hint)")
        }
        let made = try binding.body(Arguments(binding: binding, state: state, receiver: nil)).first
        guard let optimizer = made?.object(as: Optimizer.self) else { throw TensorFault("no optimizer was made") }
        return optimizer
    }

    private static let momentum = Parameter.optional(
        "momentum", .number(.within(0..<1)), default: 0, "how much of the last step is kept")
    private static let epsilon = Parameter.optional(
        "epsilon", .number(.atLeast(0)), default: 1e-7, "keeps divisions from 0")
    private static let betas: [Parameter] = [
        .optional("beta_1", .number(.within(0..<1)), default: 0.9, "decay of the mean"),
        .optional("beta_2", .number(.within(0..<1)), default: 0.999, "decay of the mean square"),
    ]
    private static let clips: [Parameter] = [
        .optional("clipnorm", .number(.above(0)), "the largest norm of each weight's gradient"),
        .optional("clipvalue", .number(.above(0)), "the largest magnitude of a gradient's element"),
        .optional("global_clipnorm", .number(.above(0)), "the largest norm of all gradients together"),
    ]

    private static func make(
        _ name: String, rate: Double, _ own: [Parameter], decay: Double? = nil, help: String,
        _ body: @escaping @Sendable (Arguments, Double, (any Schedule)?, GradientClipping) throws -> Optimizer
    ) -> Binding {
        let learningRate = Parameter.optional(
            "learning_rate", .either(.number(.atLeast(0)), .host("schedule")), default: .number(rate), aliases: ["lr"],
            "the step size, or a schedule")
        let weightDecay = Parameter.optional(
            "weight_decay", .number(.atLeast(0)), default: decay.map { .number($0) },
            "how much of each weight is taken away in a step, times the step size")
        return Binding(
            name, [learningRate], options: own + [weightDecay] + clips, result: .host("optimizer"), help: help
        ) { arguments in
            let schedule = try arguments.optionalHost("learning_rate", ScheduleBindings.Box.self)?.value
            let rate = try arguments.optionalNumber("learning_rate") ?? rate
            let clipping = GradientClipping(
                norm: try arguments.optionalNumber("clipnorm"), value: try arguments.optionalNumber("clipvalue"),
                globalNorm: try arguments.optionalNumber("global_clipnorm"))
            return [.object(try body(arguments, rate, schedule, clipping))]
        }
    }
}

extension ParameterType {
    /// The name of an optimizer, or one that a constructor made.
    static var optimizer: Self {
        .named("optimizer", .either(.catalogue("optimizer", OptimizerBindings.names), .host("optimizer")))
    }
}
