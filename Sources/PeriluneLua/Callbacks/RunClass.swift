internal import PeriluneBinding
internal import PeriluneItems
internal import PeriluneLuaRuntime
internal import PeriluneNN
internal import PeriluneTrain

extension LuaRun {
    static let binding = ClassBinding(
        "run", LuaRun.self,
        help: """
            The run in progress, the last argument of every callback.
            Epochs and batches are counted from 1, steps since
            the model was compiled.
            """,
        methods: [
            .method(
                "stop", of: LuaRun.self, [.optional("reason", .string, "for run.stop_reason and the history")],
                options: [
                    .optional("now", .boolean, default: false, "whether to leave out the validation that is due")
                ],
                help: "Stops after this batch or epoch, as the directive does. A run that is over cannot be stopped."
            ) { box, arguments in
                if let reason = box.run.endReason {
                    throw CallbackFault("the run is over (\(reason.rawValue)), so it cannot be stopped")
                }
                box.run.stop(try arguments.optionalString("reason"), now: try arguments.boolean("now"))
                return []
            },
            .method(
                "evaluate", of: LuaRun.self, [.required("data", .data, "a data set, or { x, y }")],
                options: [FitBinding.batchSize, PassBindings.steps], result: .table,
                help: "The loss and metrics of data with the weights as they are now; the run goes on as before."
            ) { box, arguments in
                let data = try arguments.dataset(pair: arguments.value("data"), "data")
                let logs = try box.run.evaluate(
                    data, batchSize: arguments.optionalInteger("batch_size"), steps: arguments.optionalInteger("steps"))
                return [.table(arguments.state.makeTable(logs))]
            },
            .method(
                "gradients", of: LuaRun.self, result: .map(.host("tensor")),
                help:
                    "The gradients by the paths of weights (\"dense/kernel\"), within on_backward_end; "
                    + "assign changes them."
            ) { box, arguments in
                let table = arguments.state.makeTable()
                for variable in box.model.model.variables.trainable {
                    table[variable.path] = .object(try box.model.gradient(of: variable.weight))
                }
                return [.table(table)]
            },
            .method(
                "save", of: LuaRun.self, [.required("path", .string, "a file, or a folder")],
                help:
                    "Writes a checkpoint at the end of this batch or epoch, as the directive does; "
                    + "fit's resume reads it."
            ) { box, arguments in
                guard box.run.isTraining else { throw TensorFault("save: this run does not train") }
                guard box.run.endReason == nil else {
                    throw TensorFault(
                        "save: the run is over and writes no more checkpoints; "
                            + "run.model:save_weights(path) writes its weights"
                    )
                }
                box.run.save(to: try arguments.writablePath("path"))
                return []
            },
            .method(
                "say", of: LuaRun.self, [.required("text", .string, "one line")],
                help: "Tells the user something without disturbing the progress bar."
            ) { box, arguments in
                let text = try arguments.string("text")
                box.run.say(arguments.state.isStrict ? text.withoutControls : text)
                return []
            },
        ] + RunControl.methods,
        properties: [
            RunControl.callbacks,
            property("epoch", "The epoch, from 1.") { .integer($0.run.epoch) },
            property("batch", "The training batch within the epoch, from 1.") { .integer($0.run.batch) },
            Property(
                "resumed_from", of: LuaRun.self, .string,
                help: "The checkpoint that the run goes on from; nil where it began afresh."
            ) { box, _ in box.run.resumedFrom.map { .string($0) } ?? .nil },
            property("step", "Updates since the model was compiled.") { .integer($0.run.step) },
            Property("model", of: LuaRun.self, .host("model"), help: "The model.") { box, _ in .object(box.model) },
            Property("optimizer", of: LuaRun.self, .host("optimizer"), help: "Its optimizer.") { box, _ in
                .object(box.run.optimizer)
            },
            Property("history", of: LuaRun.self, .host("history"), help: "What was recorded so far.") { box, _ in
                .object(box.run.recorder)
            },
            Property(
                "params", of: LuaRun.self, .shaped("run_params"),
                help: "The plan: epochs, steps, batch_size, accumulate, samples, metrics."
            ) { box, state in .table(state.makeTable(box.run.params)) },
            Property("elapsed", of: LuaRun.self, .number, help: "Seconds since the run began.") { box, _ in
                .number(box.run.elapsed)
            },
            Property(
                "end_reason", of: LuaRun.self, .endReason,
                help: "Why the run ended: finished, stopped, interrupted or failed; nil while it goes on."
            ) { box, _ in box.run.endReason.map { .string($0.rawValue) } ?? .nil },
            Property("stop_reason", of: LuaRun.self, .string, help: "What the stopping callback gave as its reason.") {
                box, _ in box.run.stopReason.map { .string($0) } ?? .nil
            },
        ],
        operators: [
            .toString: { call in
                guard let run = call.object(1, as: LuaRun.self)?.run else { return ["run"] }
                return [
                    .string("run: epoch \(run.epoch) of \(run.params.epochs), batch \(run.batch), step \(run.step)")
                ]
            }
        ])

    private static func property(
        _ name: String, _ help: String, _ get: @escaping @Sendable (LuaRun) -> LuaValue
    ) -> Property {
        Property(name, of: LuaRun.self, .integer, help: help) { box, _ in get(box) }
    }
}

extension LuaState {
    /// The plan of a run as a table.
    func makeTable(_ params: RunParameters) -> LuaTable {
        let table = makeTable(fields: 6)
        table["epochs"] = .integer(params.epochs)
        table["steps"] = params.steps.map { .integer($0) } ?? .nil
        table["batch_size"] = .integer(params.batchSize)
        table["accumulate"] = .integer(params.accumulate)
        table["samples"] = params.samples.map { .integer($0) } ?? .nil
        table["metrics"] = .table(makeTable(params.metrics.map { .string($0) }))
        return table
    }
}
