internal import PeriluneItems
internal import PeriluneTrain

/// `lune.callbacks`: what comes with the library. One file a callback.
enum CallbackBindings {
    static let functions: [Binding] = [
        EarlyStoppingBinding.function,
        ModelCheckpointBinding.function,
        BackupAndRestoreBinding.function,
        ReduceLROnPlateauBinding.function,
        LearningRateSchedulerBinding.function,
        TerminateOnNaNBinding.function,
        RollbackBinding.function,
        SwapEMAWeightsBinding.function,
        StochasticWeightAveragingBinding.function,
        KeepBestWeightsBinding.function,
        FreezeScheduleBinding.function,
        UnfreezeBinding.function,
        LayerLearningRatesBinding.function,
        CSVLoggerBinding.function,
        JSONLoggerBinding.function,
        TensorBoardBinding.function,
        RemoteMonitorBinding.function,
        TensorMonitorBindings.gradients,
        TensorMonitorBindings.weights,
        TensorMonitorBindings.activations,
        WatchingBindings.throughput,
        WatchingBindings.memory,
        WatchingBindings.learningRate,
        WatchingBindings.timer,
        WatchingBindings.sparkline,
        SampleBinding.function,
        ProgressBarBinding.function,
        HistoryBinding.function,
        ThresholdStopperBinding.function,
        DivergenceStopperBinding.function,
        TimeBudgetBinding.function,
        StopFileBinding.function,
        HyperparameterSchedulerBinding.function,
        WarmUpBinding.function,
        OneCycleBinding.function,
        CosineRestartsBinding.function,
        LearningRateFinderBinding.function,
        CombinedStoppingBinding.any,
        CombinedStoppingBinding.all,
        EpochPlanBindings.batchSize,
        EpochPlanBindings.accumulation,
    ]

    static func make(
        _ name: String, _ positional: [Parameter] = [], options: [Parameter] = [], help: String,
        _ body: @escaping @Sendable (Arguments) throws -> any Callback
    ) -> Binding {
        // One has a parameter `name` of its own.
        let label =
            positional.contains { $0.name == Parameter.callbackName.name } ? Parameter.callbackLabel : .callbackName
        return Binding(name, positional, options: options + [label], result: .host("callback"), help: help) {
            let callback = try body($0)
            let given = try $0.optionalString(label.name)
            return [.object(CallbackBox(try given.map { try callback.named($0) } ?? callback))]
        }
    }
}

// Options that several callbacks have.
extension Parameter {
    static let callbackName = Parameter.optional(
        "name", .string, "what messages call it, and checkpoints know it again by")
    static let callbackLabel = Parameter.optional(
        "label", .string, "what messages call it, and checkpoints know it again by")
    static let monitor = Parameter.optional(
        "monitor", .string, default: "val_loss", "what is watched: loss, val_accuracy, …")
    static let verbose = Parameter.optional(
        "verbose", .either(.boolean, .integer(in: 0...1)), default: false, "whether to say what it does")
    static let mode = Parameter.optional(
        "mode", .enumeration(Monitor.Mode.allCases.map(\.rawValue)), default: "auto", "which way is better")
    static let critical = Parameter.optional(
        "critical", .boolean, default: false, "whether a failure of this logger ends the run, and is not only a warning"
    )
    static let every = Parameter.optional(
        "every", everyType, default: 1, "how often: epochs, or { steps = n }, { seconds = x }")
    static let everyType = ParameterType.either(
        .integer(atLeast: 1),
        .record([
            .optional("epochs", .integer(atLeast: 1), "epochs"),
            .optional("steps", .integer(atLeast: 1), "updates of the weights"),
            .optional("seconds", .number(.above(0)), "seconds"),
        ]))
}

extension Arguments {
    func verbose() throws -> Bool { try optionalBoolean("verbose") ?? (optionalInteger("verbose") == 1) }

    func mode() throws -> Monitor.Mode { Monitor.Mode(rawValue: try string("mode")) ?? .auto }

    /// What the option `every` says.
    func frequency(_ name: String = "every") throws -> Frequency {
        if let epochs = try optionalInteger(name) { return .epochs(epochs) }
        let table = try table(name)
        let given = [
            table["epochs"].integer.map { Frequency.epochs($0) }, table["steps"].integer.map { .steps($0) },
            table["seconds"].number.map { .seconds($0) },
        ].compactMap(\.self)
        guard given.count == 1, let only = given.first else {
            throw fault(name, "one of epochs, steps and seconds expected")
        }
        return only
    }
}
