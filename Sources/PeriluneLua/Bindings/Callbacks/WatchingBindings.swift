internal import PeriluneItems
internal import PeriluneTrain

/// Small callbacks that watch the run itself.
enum WatchingBindings {
    static let throughput = CallbackBindings.make(
        "throughput",
        options: [
            .optional("window", .integer(in: 1...1_000_000), default: 100, "batches that the mean is taken over")
        ],
        help: """
            Writes samples_per_second and steps_per_second to the logs of batches and epochs.
            lune.throughput { window = 50 }
            """
    ) { try Throughput(window: $0.integer("window")) }

    static let memory = CallbackBindings.make(
        "memory_monitor", options: [.every],
        help: """
            Writes memory_rss, memory_peak and memory_arena to the logs, in MiB.
            lune.memory_monitor { every = { seconds = 10 } }
            """
    ) { try MemoryMonitor(every: $0.frequency()) }

    static let learningRate = CallbackBindings.make(
        "lr_monitor", options: [.every],
        help: """
            Keeps the learning rate: its steps and learning_rates are two lists, for a plot.
            Writes the other hyper-parameters to the logs of epochs.
            lune.lr_monitor { every = { steps = 10 } }
            """
    ) { try LRMonitor(every: $0.frequency()) }

    static let timer = CallbackBindings.make(
        "callback_timer",
        options: [
            .optional(
                "verbose", .either(.boolean, .integer(in: 0...1)), default: true, "whether to show a table at the end")
        ],
        help: """
            Takes the time of each callback at each event: times, a list of { callback, event, calls, seconds }.
            lune.callback_timer()
            """
    ) { CallbackTimer(verbose: try $0.verbose()) }

    static let sparkline = CallbackBindings.make(
        "sparkline", [.optional("monitor", .string, default: "loss", "what is shown")],
        options: [
            .optional("width", .integer(in: 2...200), default: 20, "the most bars"), .every,
            .optional("ascii", .boolean, default: .shown("by the locale"), "whether to draw with ASCII"),
        ],
        help: """
            Shows how a quantity went as small bars: in the progress bar, or without one on a line of its own.
            lune.sparkline("val_loss", { width = 30 })
            """
    ) {
        try PeriluneTrain.Sparkline(
            $0.string("monitor"), width: $0.integer("width"), every: $0.frequency(), ascii: $0.optionalBoolean("ascii"))
    }
}
