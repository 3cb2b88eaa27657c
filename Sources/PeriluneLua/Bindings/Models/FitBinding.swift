internal import PeriluneBinding
internal import PeriluneData
internal import PeriluneItems
internal import PeriluneLuaRuntime
internal import PeriluneTrain

/// `model:fit(data, { … })`
enum FitBinding {
    static let batchSize = Parameter.optional(
        "batch_size", .integer(atLeast: 1), default: .shown("the data set's, or 32"), "rows a batch")
    static let callbacks = Parameter.optional(
        "callbacks", .callbacks,
        "a list: tables of functions, lune.on(…), instances of lune.callback(), lune.early_stopping { … }, "
            + "lune.script(file)"
    )
    static let threads = Parameter.optional(
        "threads", .integer(atLeast: 1), default: .shown("as the size of the model suggests"), "threads to run on")

    static let method: Binding = .method(
        "fit", of: LuaModel.self,
        [
            .required("data", .data, aliases: ["x"], "a data set, or inputs"),
            .optional("y", .named("targets", .either(.host("tensor"), .list(.any))), "targets, where data is inputs"),
        ],
        options: [
            .optional("epochs", .integer(atLeast: 0), default: 1, "the number of the last epoch"),
            batchSize,
            .optional(
                "validation", .named("validation", .union([.host("dataset"), .number(.within(0...1)), .list(.any)])),
                aliases: ["validation_data", "validation_split"],
                "a data set, { x, y }, or the fraction at the end of the data to keep for it"),
            .optional(
                "validation_batch_size", .integer(atLeast: 1), default: .shown("batch_size"),
                "rows a batch of validation"
            ),
            .optional(
                "validation_steps", .integer(atLeast: 1), default: .shown("all"),
                "batches that each validation takes at most; a generator needs it"),
            .optional(
                "validation_every",
                .either(.integer(atLeast: 1), .record([.required("steps", .integer(atLeast: 1), "training steps")])),
                default: 1, aliases: ["validation_freq"], "validate each n-th epoch, or each n-th step: { steps = 100 }"
            ),
            .optional("shuffle", .boolean, default: true, "whether each epoch sees the rows in another order"),
            callbacks,
            .optional("initial_epoch", .integer(atLeast: 0), default: 0, "how many epochs count as done"),
            .optional("steps_per_epoch", .integer(atLeast: 1), default: .shown("all data once"), "batches an epoch"),
            .optional(
                "drop_last", .boolean, default: false, "whether the last batch is left out where it has fewer rows"),
            .optional(
                "class_weight", .table,
                "what each class counts in the loss: by number, { [0] = 1, [1] = 5 }, "
                    + "or a list of all from class 0 up"),
            .optional("sample_weight", .tensorLike, "what each row counts in the loss, where data is inputs"),
            .optional(
                "resume", .string,
                "a checkpoint, or a folder of them, to go on from: the newest that is whole; "
                    + "afresh where there is none yet"
            ),
            .optional("accumulate", .integer(atLeast: 1), default: 1, "batches whose gradients make one update"),
            .optional(
                "verbose", .either(.enumeration(["auto"]), .integer(in: 0...2)), default: "auto",
                "0 is silent, 1 a bar, 2 a line an epoch; auto is a bar on a terminal, lines elsewhere"),
            threads,
        ], result: .host("history"),
        help: "Trains, and returns the history.\nlune.help(\"events\") tells what callbacks see and when.", body: fit)

    private static func fit(_ box: LuaModel, _ arguments: Arguments) throws -> [LuaValue] {
        let trainer = try box.compiled()
        var data = try arguments.dataset("data", "y", weights: "sample_weight")
        var validation: Dataset?
        if let fraction = try arguments.optionalNumber("validation") {
            if fraction > 0 { (data, validation) = try data.validationSplit(fraction) }
        } else if try arguments.isGiven("validation") {
            validation = try arguments.dataset(pair: arguments.value("validation"), "validation")
        }
        let callbacks = try arguments.callbacks()
        var options = try options(arguments, callbacks)
        let state = arguments.state
        options.onInterrupt = { [weak state] in try state?.answer($0) }
        options.attendant = state.runHooks.attendant
        let history = try box.running(trainer, callbacks, in: state, training: true) { all in
            try trainer.fit(data, options, validation: validation, callbacks: all)
        }
        return [.object(HistoryRecorder(history))]
    }

    private static func options(_ arguments: Arguments, _ callbacks: [any Callback]) throws -> FitOptions {
        var options = FitOptions()
        options.epochs = try arguments.integer("epochs")
        options.batchSize = try arguments.optionalInteger("batch_size")
        options.validationBatchSize = try arguments.optionalInteger("validation_batch_size")
        options.validationSteps = try arguments.optionalInteger("validation_steps")
        if let every = try arguments.optionalInteger("validation_every") {
            options.validationEvery = .epochs(every)
        } else if let steps = try arguments.optionalTable("validation_every")?["steps"].integer {
            options.validationEvery = .steps(steps)
        }
        options.shuffle = try arguments.boolean("shuffle")
        options.initialEpoch = try arguments.integer("initial_epoch")
        options.stepsPerEpoch = try arguments.optionalInteger("steps_per_epoch")
        options.dropsLast = try arguments.boolean("drop_last")
        options.classWeight = try classWeights(arguments)
        options.accumulate = try arguments.integer("accumulate")
        options.resume =
            try arguments.isGiven("resume") ? arguments.readablePath("resume") : arguments.state.runHooks.resume
        options.threads = try arguments.optionalInteger("threads")
        options.verbose = try arguments.verbosity()
        return options
    }

    private static func classWeights(_ arguments: Arguments) throws -> ClassWeights {
        guard let table = try arguments.optionalTable("class_weight") else { return [:] }
        var weights: [Int: Float] = [:]
        for (key, value) in try table.entries {
            guard let label = key.integer, label >= 0, let weight = value.number else {
                throw arguments.fault("class_weight", "class numbers from 0 with their weights expected: { [0] = 1 }")
            }
            weights[label] = Float(weight)
        }
        // A table of the keys 1 to n is a list, whose first entry is that of class 0.
        let count = weights.count
        guard count > 0, weights.keys.allSatisfy({ (1...count).contains($0) }) else { return .named(weights) }
        return .list((1...count).map { weights[$0] ?? 1 })
    }
}

extension Arguments {
    func verbosity() throws -> FitOptions.Verbosity {
        switch try optionalInteger("verbose") {
        case 0: .silent
        case 1: .bar
        case 2: .lines
        default: .auto
        }
    }
}
