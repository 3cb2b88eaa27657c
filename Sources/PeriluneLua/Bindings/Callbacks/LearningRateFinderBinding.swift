internal import PeriluneItems
internal import PeriluneTrain

/// `lune.lr_finder { … }` and `model:find_lr(data, { … })`
enum LearningRateFinderBinding {
    static let function = CallbackBindings.make(
        "lr_finder", options: options + [verbose(true)],
        help: """
            Makes a fit a learning-rate range test: rates from small to large, until the loss runs away.
            Then the fit ends, with everything as it was: to train, fit once more with the rate that it suggests.
            Tells rates, losses, smoothed, suggestion, tenth_of_minimum, minimum, diverged and plot. Savers have no place
            beside it. model:find_lr(data) does it at once.
            lune.lr_finder { from = 1e-6, to = 1 }
            """
    ) { try LearningRateFinder(finderOptions($0)) }

    static let method: Binding = .method(
        "find_lr", of: LuaModel.self,
        [
            .required("data", .data, aliases: ["x"], "a data set, or inputs"),
            .optional("y", .named("targets", .either(.host("tensor"), .list(.any))), "targets, where data is inputs"),
        ], options: options + [FitBinding.batchSize, FitBinding.threads, verbose(false)], result: .table,
        help: """
            Tries learning rates from small to large and leaves everything as it was. Returns a table: suggestion (where the
            loss falls most steeply), tenth_of_minimum, minimum, rates, losses, smoothed, diverged, and plot, a text.
            """
    ) { box, arguments in
        let trainer = try box.compiled()
        let data = try arguments.dataset("data", "y")
        let finder = try LearningRateFinder(finderOptions(arguments))
        var options = FitOptions()
        options.batchSize = try arguments.optionalInteger("batch_size")
        options.threads = try arguments.optionalInteger("threads")
        options.verbose = .silent
        let state = arguments.state
        options.onInterrupt = { [weak state] in try state?.answer($0) }
        options.attendant = state.runHooks.attendant
        try box.running(trainer, [finder], in: state, training: true) { all in
            _ = try trainer.fit(data, options, callbacks: all)
        }
        return [try state.luaValue(.record(finder.report))]
    }

    private static let options: [Parameter] = [
        .optional("from", .number(.above(0)), default: 1e-7, "the first learning rate"),
        .optional("to", .number(.above(0)), default: 10, "the last one"),
        .optional("steps", .integer(atLeast: 2), default: 100, "how many rates are tried, a step each"),
        .optional(
            "smoothing", .number(.within(0..<1)), default: 0.98, "the share of the past in the average of losses"),
        .optional(
            "divergence", .number(.above(1)), default: 4, "ends when the loss is so many times the least so far"),
        .optional("svg", .string, "a file for a picture of the loss over the rate"),
    ]

    private static func verbose(_ value: Bool) -> Parameter {
        .optional("verbose", .boolean, default: .boolean(value), "whether to say what it found")
    }

    private static func finderOptions(_ arguments: Arguments) throws -> LearningRateFinder.Options {
        var options = LearningRateFinder.Options()
        options.from = try arguments.number("from")
        options.to = try arguments.number("to")
        options.steps = try arguments.integer("steps")
        options.smoothing = try arguments.number("smoothing")
        options.divergence = try arguments.number("divergence")
        options.svg = try arguments.isGiven("svg") ? arguments.writablePath("svg") : nil
        options.isVerbose = try arguments.boolean("verbose")
        return options
    }
}
