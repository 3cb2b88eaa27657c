/// What a run was asked to do when it began.
///
/// A checkpoint keeps it beside what callbacks have made of it since. Where a resumed run is asked for something else
/// than the first one was, the user has changed it, and that counts; where it is asked for the same, the run goes on
/// with what callbacks made of it.
struct RunPlan {
    var epochs: Int
    var batchSize: Int
    var stepsPerEpoch: Int?
    var shuffle: Bool
    var dropsLast: Bool
    var accumulate: Int
    var optimizer: OptimizerSettings
}

extension RunPlan {
    init(_ options: FitOptions, batchSize: Int, _ optimizer: Optimizer) {
        epochs = options.epochs
        self.batchSize = batchSize
        stepsPerEpoch = options.stepsPerEpoch
        shuffle = options.shuffle
        dropsLast = options.dropsLast
        accumulate = options.accumulate
        self.optimizer = optimizer.settings
    }

    var stateValue: StateValue {
        [
            "epochs": .integer(epochs), "batch_size": .integer(batchSize),
            "steps_per_epoch": stepsPerEpoch.map { .integer($0) } ?? .null, "shuffle": .boolean(shuffle),
            "drop_last": .boolean(dropsLast),
            "accumulate": .integer(accumulate), "optimizer": optimizer.stateValue,
        ]
    }

    init?(_ value: StateValue?) {
        guard let value, let epochs = value["epochs"]?.count, let batchSize = value["batch_size"]?.count,
            let shuffle = value["shuffle"]?.boolean, let accumulate = value["accumulate"]?.count,
            let optimizer = OptimizerSettings(value["optimizer"])
        else { return nil }
        self.epochs = epochs
        self.batchSize = batchSize
        stepsPerEpoch = value["steps_per_epoch"]?.count
        self.shuffle = shuffle
        // Checkpoints of earlier versions do not tell: there was no such option.
        dropsLast = value["drop_last"]?.boolean ?? false
        self.accumulate = accumulate
        self.optimizer = optimizer
    }

    /// What says which rows are in which batch, as far as `other` has it otherwise: name, value here, value there.
    func differences(from other: RunPlan) -> [(name: String, here: String, there: String)] {
        func text(_ steps: Int?) -> String { steps.map(String.init) ?? "none" }
        return [
            ("batch_size", String(batchSize), String(other.batchSize)),
            ("steps_per_epoch", text(stepsPerEpoch), text(other.stepsPerEpoch)),
            ("shuffle", String(shuffle), String(other.shuffle)),
            ("drop_last", String(dropsLast), String(other.dropsLast)),
            ("accumulate", String(accumulate), String(other.accumulate)),
        ].filter { $0.1 != $0.2 }
    }
}
