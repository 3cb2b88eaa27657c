import PeriluneData
import PeriluneGraph
import PeriluneNN
import Testing

@testable import PeriluneTrain

@Suite("Freezing and rates of layers")
struct LayerScheduleTests {
    /// The frozen layers in the batches of each epoch.
    private func frozen(_ callback: any Callback, epochs: Int, _ engine: FakeEngine) throws -> [[String]] {
        var seen: [[String]] = []
        let watch = Recorder()
        watch.events = [.trainBatchEnd]
        watch.action = { context in
            if context.run.batch == 1 { seen.append(engine.frozen.sorted()) }
            return nil
        }
        _ = try makeLoop(engine, [callback, watch]) { $0.epochs = epochs }.fit()
        return seen
    }

    @Test("Layers are frozen through their epochs; the pattern that says most counts")
    func freezing() throws {
        let engine = try FakeEngine()
        let conv = ["conv_1", "conv_2"]
        #expect(
            try frozen(FreezeSchedule(["conv*": 2...3]), epochs: 4, engine) == [[], conv, conv, []])
        #expect(
            try frozen(FreezeSchedule(["*": 1...2, "dense": 2...3]), epochs: 4, engine)
                == [conv, conv + ["dense"], ["dense"], []])
        #expect(
            try frozen(FreezeSchedule(unfreezing: ["conv_1": 3, "conv_2": 2, "dense": 1]), epochs: 3, engine)
                == [conv, ["conv_1"], []])
    }

    @Test("What it froze trains in the next run; what was frozen before stays so")
    func end() throws {
        let engine = try FakeEngine()
        engine.setFrozen(true, layersMatching: "conv_1")
        #expect(
            try frozen(FreezeSchedule(["*": 2...9]), epochs: 2, engine) == [["conv_1"], ["conv_1", "conv_2", "dense"]])
        #expect(engine.frozen == ["conv_1"])
    }

    @Test("Unknown layers are found before the first batch, with the nearest name")
    func unknown() throws {
        let engine = try FakeEngine()
        for callback: any Callback in [
            try FreezeSchedule(["conv*": 1...2, "dens": 1...2]), try FreezeSchedule(unfreezing: ["dens": 2]),
            try LayerLearningRates(["dens": 0.1]),
        ] {
            let error = try #require(throws: TrainingError.self) { try makeLoop(engine, [callback]).fit() }
            #expect(
                error.message
                    == "\(callback.name): no layer is called 'dens'; did you mean 'dense'?; layers are conv_1, "
                    + "conv_2, dense"
            )
        }
        #expect(engine.calls.isEmpty)
        #expect(throws: TrainingError.self) { try FreezeSchedule(["a": 0...2]) }
        #expect(throws: TrainingError.self) { try FreezeSchedule(unfreezing: ["a": 0]) }
        #expect(throws: TrainingError.self) { try FreezeSchedule([:]) }
        #expect(throws: TrainingError.self) { try LayerLearningRates([:]) }
        #expect(throws: TrainingError.self) { try LayerLearningRates(["a": -1]) }
        #expect(throws: TrainingError.self) { try LayerLearningRates(["a": .infinity]) }
    }

    /// How far the weights of the first and of the second layer went in one update, in all.
    private func distances(
        _ optimizer: Optimizer, _ callbacks: [any Callback], accumulate: Int
    ) throws -> [[Float]] {
        let model = Sequential([Dense(5, activation: .tanh, name: "first"), Dense(10, name: "second")])
        let trainer = try Trainer(model, optimizer: optimizer, loss: SparseCategoricalCrossentropy(), seed: 3)
        let data = try Dataset.digits().take(32)
        try trainer.state.build([TensorSpec([64])])
        let before = try trainer.getWeights()
        var options = FitOptions()
        (options.epochs, options.batchSize, options.verbose) = (1, 32 / accumulate, .silent)
        (options.accumulate, options.shuffle) = (accumulate, false)
        try trainer.fit(data, options, callbacks: callbacks)
        #expect(trainer.step == 1)
        #expect(trainer.rateFactors.isEmpty)
        return zip(before, try trainer.getWeights()).map { zip($0.floats, $1.floats).map { $1 - $0 } }
    }

    @Test("The update of a layer is in proportion to its factor, for each optimizer", arguments: [1, 2])
    func rates(accumulate: Int) throws {
        let optimizers: [() throws -> Optimizer] = [
            { try .sgd(learningRate: 0.1, momentum: 0.9, weightDecay: 0.1) }, { try .adam(learningRate: 0.01) },
            { try .rmsprop(learningRate: 0.01, momentum: 0.5) }, { try .adagrad(learningRate: 0.1, weightDecay: 0.1) },
        ]
        for optimizer in optimizers {
            let plain = try distances(optimizer(), [], accumulate: accumulate)
            let scaled = try distances(
                optimizer(), [LayerLearningRates(["*": 0.25, "second": 1])], accumulate: accumulate)
            let still = try distances(optimizer(), [LayerLearningRates(["first": 0])], accumulate: accumulate)
            for index in 0..<2 {
                #expect(plain[index].contains { $0 != 0 })
                for (a, b) in zip(plain[index], scaled[index]) { #expect(abs(a * 0.25 - b) <= 1e-6 + abs(a) * 1e-4) }
                #expect(still[index].allSatisfy { $0 == 0 })
            }
            #expect(plain[2] == scaled[2])
            #expect(plain[3] == still[3])
        }
    }
}
