internal import PeriluneBinding
internal import PeriluneItems
internal import PeriluneTrain

/// `model:find_lr(data, { … })`: a fit with `lr_finder` alone.
enum FindLearningRateBinding {
    static let method: Binding = .method(
        "find_lr", of: LuaModel.self,
        [
            .required("data", .data, aliases: ["x"], "a data set, or inputs"),
            .optional("y", .named("targets", .either(.host("tensor"), .list(.any))), "targets, where data is inputs"),
        ], options: options + [FitBinding.batchSize, FitBinding.threads, verbose], result: .table,
        help: """
            Tries learning rates from small to large and leaves everything as it was. Returns a table: suggestion \
            (where the
            loss falls most steeply), tenth_of_minimum, minimum, rates, losses, smoothed, diverged, and plot, a text.
            """
    ) { box, arguments in
        let trainer = try box.compiled()
        let data = try arguments.dataset("data", "y")
        let finder = try arguments.item(
            finder, fixed: [verbose.name: .value(.boolean(arguments.boolean(verbose.name)))])
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

    private static let finder = LearningRateFinder.declaration
    /// What is found is returned, and said only where that is asked for.
    private static let verbose = Parameter.optional(
        "verbose", .boolean, default: false, "whether to say what it found")
    private static let options = finder.options.filter { $0.name != verbose.name }
}
