internal import PeriluneBinding
internal import PeriluneData
internal import PeriluneGraph
internal import PeriluneItems
package import PeriluneLuaRuntime
package import PeriluneTrain

/// Evaluation, prediction, and single steps.
enum PassBindings {
    private static let verbose = Parameter.optional(
        "verbose", .either(.enumeration(["auto"]), .integer(in: 0...2)), default: 0, "as in fit")

    static let methods: [Binding] = [
        .method(
            "evaluate", of: LuaModel.self,
            [
                .required("data", .data, aliases: ["x"], "a data set, or inputs"),
                .optional(
                    "y", .named("targets", .either(.host("tensor"), .list(.any))), "targets, where data is inputs"),
            ], options: [FitBinding.batchSize, steps, FitBinding.callbacks, verbose, FitBinding.threads, weights],
            result: .table,
            help: "The loss and metrics of data, as a table."
        ) { box, arguments in
            let trainer = try box.compiled()
            let data = try arguments.dataset("data", "y", weights: "sample_weight")
            let callbacks = try arguments.callbacks()
            let (size, threads) = (
                try arguments.optionalInteger("batch_size"), try arguments.optionalInteger("threads")
            )
            let steps = try arguments.optionalInteger("steps")
            let verbosity = try arguments.verbosity()
            let logs = try box.running(trainer, callbacks, in: arguments.state, training: false) { all in
                try trainer.evaluate(
                    data, batchSize: size, steps: steps, callbacks: all, verbose: verbosity, threads: threads)
            }
            return [.table(arguments.state.makeTable(logs))]
        },
        .method(
            "predict", of: LuaModel.self, [.required("data", .data, aliases: ["x"], "a data set, or inputs")],
            options: [FitBinding.batchSize, steps, FitBinding.callbacks, verbose, FitBinding.threads], result: outputs,
            help: "What the model makes of data: a tensor; of a model with several outputs a list of them."
        ) { box, arguments in
            [arguments.state.outputs(try predict(box, arguments))]
        },
        .method(
            "train_on_batch", of: LuaModel.self, onBatch, options: [weights], result: .table,
            help: "One step on one batch, without events. Returns the loss and metrics before the step."
        ) { box, arguments in
            try step(box, arguments, training: true)
        },
        .method(
            "test_on_batch", of: LuaModel.self, onBatch, options: [weights], result: .table,
            help: "The loss and metrics of one batch, without events."
        ) { box, arguments in
            try step(box, arguments, training: false)
        },
    ]

    static let steps = Parameter.optional(
        "steps", .integer(atLeast: 1), default: .shown("all"),
        "batches to take at most; a generator that never ends needs it")
    private static let onBatch: [Parameter] = [
        .required("x", batch, "inputs: a tensor, or a list of one for each input"),
        .required("y", batch, "targets: a tensor, or a list of one for each output"),
    ]
    private static let batch = ParameterType.named("tensor", .union([.host("tensor"), .list(.any)]))
    /// What predict gives.
    private static let outputs = ParameterType.either(.host("tensor"), .list(.host("tensor")))
    private static let weights = Parameter.optional(
        "sample_weight", .tensorLike, "what each row counts in the loss and in weighted metrics")

    private static func predict(_ box: LuaModel, _ arguments: Arguments) throws -> [Tensor] {
        let trainer = try box.predicting()
        let data = try arguments.dataset("data")
        let callbacks = try arguments.callbacks()
        let (size, threads) = (try arguments.optionalInteger("batch_size"), try arguments.optionalInteger("threads"))
        let (steps, verbosity) = (try arguments.optionalInteger("steps"), try arguments.verbosity())
        return try box.running(trainer, callbacks, in: arguments.state, training: false) { all in
            try trainer.predict(
                data, batchSize: size, steps: steps, callbacks: all, verbose: verbosity, threads: threads)
        }
    }

    private static func step(_ box: LuaModel, _ arguments: Arguments, training: Bool) throws -> [LuaValue] {
        let trainer = try box.compiled()
        let batch = try arguments.dataset("x", "y", weights: "sample_weight")
        try box.state.build((batch.layout?.inputs ?? []).map(\.spec))
        try box.prepare(training: training, in: arguments.state.session)
        let logs = try arguments.state.withClockStopped {
            try training ? trainer.trainOnBatch(batch) : trainer.testOnBatch(batch)
        }
        return [.table(arguments.state.makeTable(logs))]
    }
}

extension LuaState {
    /// The outputs of a model: a tensor, or a list where there are several, of which an assignment would drop some.
    func outputs(_ tensors: [Tensor]) -> LuaValue {
        let values = tensors.map { LuaValue.object(LuaTensor($0)) }
        return values.count == 1 ? values[0] : .table(makeTable(values))
    }

    /// Logs as a plain table.
    package func makeTable(_ logs: Logs) -> LuaTable {
        let table = makeTable(fields: logs.count)
        logs.forEach { name, value in
            let whole = RunContext.wholeKeys.contains(name) ? Int(exactly: value) : nil
            table[name] = whole.map { .integer($0) } ?? .number(value)
        }
        return table
    }
}
