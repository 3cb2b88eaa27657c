internal import PeriluneItems
internal import PeriluneTrain

/// `lune.schedules`: learning rates that follow from the step.
enum ScheduleBindings {
    typealias Box = LuaBox<any Schedule>

    static let binding = ClassBinding(
        "schedule", Box.self, help: "A learning rate that follows from the number of steps done.",
        operators: [
            .toString: { [.string("schedule \($0.object(1, as: Box.self)?.name ?? "?")")] },
            .call: { call in
                guard let box = call.object(1, as: Box.self), let step = call[2].integer, step >= 0 else {
                    throw TensorFault("a schedule is called with a step of 0 or more")
                }
                return [.number(box.value.value(at: step))]
            },
        ])

    static let functions: [Binding] = [
        make(
            "exponential_decay",
            [initial, steps, .required("decay_rate", .number(.above(0)), "the factor of each span of steps")],
            options: [.optional("staircase", .boolean, default: false, "whether to go in whole spans")],
            help: "initial * decay_rate ^ (step / decay_steps)."
        ) {
            try ExponentialDecay(
                initial: $0.number("initial_learning_rate"), decaySteps: $0.integer("decay_steps"),
                rate: $0.number("decay_rate"), staircase: $0.boolean("staircase"))
        },
        make(
            "piecewise_constant_decay",
            [
                .required("boundaries", .list(.integer(atLeast: 0)), "the last step of each rate, rising"),
                .required("values", .list(.number(.atLeast(0))), "the rates, one more than boundaries"),
            ], help: "One rate up to each boundary, the last one after it."
        ) { try PiecewiseConstantDecay(boundaries: $0.integers("boundaries"), values: $0.numbers("values")) },
        make(
            "polynomial_decay", [initial, steps],
            options: [
                .optional("end_learning_rate", .number(.atLeast(0)), default: 0.0001, "the last rate"),
                .optional("power", .number(.above(0)), default: 1, "1 is a straight line"),
                .optional("cycle", .boolean, default: false, "whether to start again"),
            ], help: "From the first rate to the last in decay_steps."
        ) {
            try PolynomialDecay(
                initial: $0.number("initial_learning_rate"), decaySteps: $0.integer("decay_steps"),
                end: $0.number("end_learning_rate"), power: $0.number("power"), cycle: $0.boolean("cycle"))
        },
        make(
            "cosine_decay", [initial, steps],
            options: [
                .optional("alpha", .number(.atLeast(0)), default: 0, "the last rate as a share of the first"),
                .optional("warmup_target", .number(.atLeast(0)), "the rate at the end of the warm-up"),
                .optional("warmup_steps", .integer(atLeast: 0), default: 0, "how long the warm-up is"),
            ], help: "Half a cosine, after a straight warm-up if asked."
        ) {
            try CosineDecay(
                initial: $0.number("initial_learning_rate"), decaySteps: $0.integer("decay_steps"),
                alpha: $0.number("alpha"), warmupTarget: $0.optionalNumber("warmup_target"),
                warmupSteps: $0.integer("warmup_steps"))
        },
        make(
            "cosine_decay_restarts",
            [
                initial,
                .required("first_decay_steps", .integer(atLeast: 1), "how many steps the first fall takes"),
            ],
            options: [
                .optional("t_mul", .number(.atLeast(1)), default: 2, "each fall takes so many times as long"),
                .optional("m_mul", .number(.atLeast(0)), default: 1, "each fall begins so many times as high"),
                .optional("alpha", .number(.atLeast(0)), default: 0, "the last rate as a share of the first"),
            ], help: "Half a cosine, again and again."
        ) {
            try CosineDecayRestarts(
                initial: $0.number("initial_learning_rate"), firstDecaySteps: $0.integer("first_decay_steps"),
                tMul: $0.number("t_mul"), mMul: $0.number("m_mul"), alpha: $0.number("alpha"))
        },
    ]

    private static let initial = Parameter.required("initial_learning_rate", .number(.atLeast(0)), "the first rate")
    private static let steps = Parameter.required("decay_steps", .integer(atLeast: 1), "how many steps it takes")

    private static func make(
        _ name: String, _ positional: [Parameter], options: [Parameter] = [], help: String,
        _ body: @escaping @Sendable (Arguments) throws -> any Schedule
    ) -> Binding {
        Binding(name, positional, options: options, result: .host("schedule"), help: help) {
            [.object(Box(try body($0), name))]
        }
    }
}
