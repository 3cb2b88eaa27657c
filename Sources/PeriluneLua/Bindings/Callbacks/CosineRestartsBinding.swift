internal import PeriluneItems
internal import PeriluneTrain

enum CosineRestartsBinding {
    static let function = CallbackBindings.make(
        "cosine_restarts",
        options: [
            .required(
                "first", .either(.integer(atLeast: 1), .record(Parameter.span)), aliases: ["first_decay_steps"],
                "how long the first fall takes: steps, or { epochs = n }"),
            .optional("t_mul", .number(.atLeast(1)), default: 2, "each fall takes so many times as long"),
            .optional("m_mul", .number(.atLeast(0)), default: 1, "each fall begins so many times as high"),
            .optional("alpha", .number(.atLeast(0)), default: 0, "the least rate as a share of the first"),
        ],
        help: """
            Lets the learning rate fall along half a cosine, again and again. Keras's CosineDecayRestarts.
            What other callbacks do to the rate multiplies what comes after. The optimizer has a plain learning rate, and no schedule.
            lune.cosine_restarts { first = { epochs = 5 }, t_mul = 2 }
            """
    ) { arguments in
        try CosineRestarts(
            first: first(arguments), tMul: arguments.number("t_mul"), mMul: arguments.number("m_mul"),
            alpha: arguments.number("alpha"))
    }

    private static func first(_ arguments: Arguments) throws -> RateSpan {
        if let steps = try arguments.optionalInteger("first") { return .steps(steps) }
        let table = try arguments.table("first")
        switch (table["steps"].integer, table["epochs"].integer) {
        case (let steps?, nil): return .steps(steps)
        case (nil, let epochs?): return .epochs(epochs)
        case (nil, nil), (.some, .some): throw arguments.fault("first", "either steps or epochs expected")
        }
    }
}
