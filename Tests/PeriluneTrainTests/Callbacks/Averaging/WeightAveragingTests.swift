import PeriluneData
import PeriluneGraph
import PeriluneNN
import PeriluneTestSupport
import Testing

@testable import PeriluneTrain

@Suite("Averages of the weights")
struct WeightAveragingTests {
    /// Weights that are the number of the last update; two updates an epoch.
    private func engine() throws -> FakeEngine {
        let engine = try FakeEngine(learningRate: 0.1)
        engine.weightsAfter = { Float($0) }
        return engine
    }

    /// The weights at events of this kind, as a callback after the averaging one sees them.
    private final class Watch: Callback {
        let event: Event
        let engine: FakeEngine
        var weights: [Float] = []
        init(_ event: Event, _ engine: FakeEngine) { (self.event, self.engine) = (event, engine) }
        var events: EventSet { [event] }
        func handle(_ event: Event, _ context: EventContext) -> Directive? {
            weights.append(engine.weights)
            return nil
        }
    }

    private func run(
        _ callback: any Callback, epochs: Int = 2, at event: Event = .testBatchEnd,
        _ change: (FakeEngine) -> Void = { _ in }
    ) throws -> (seen: [Float], end: Float, engine: FakeEngine) {
        let engine = try engine()
        change(engine)
        let watch = Watch(event, engine)
        _ = try makeLoop(engine, [callback, watch]) { $0.epochs = epochs }.fit()
        return (watch.weights, engine.weights, engine)
    }

    @Test("EMA follows the weights after each update, is seen by validation, and stays at the end")
    func exponential() throws {
        // 1; 1.5; 2.25; 3.125
        let ema = try SwapEMAWeights(momentum: 0.5)
        let (seen, end, _) = try run(ema)
        #expect(seen == [1.5, 3.125])
        #expect(end == 3.125)
        #expect(ema.report["updates"] == 4)
        #expect(try run(SwapEMAWeights(momentum: 0.5), at: .epochEnd).seen == [2, 4])
        #expect(try run(SwapEMAWeights(momentum: 0.5, swapAtEnd: false)).end == 4)
        // 2; 3
        #expect(try run(SwapEMAWeights(momentum: 0.5, updateEvery: 2)).seen == [2, 3])
        // None; 3; 3.5
        #expect(try run(SwapEMAWeights(momentum: 0.5, startFromStep: 3)).seen == [2, 3.5])
        // A second fit begins afresh.
        #expect(try run(ema).end == 3.125)
    }

    @Test("With swap_on_epoch the average is there from an epoch's end to the next beginning")
    func onEpoch() throws {
        func ema() throws -> SwapEMAWeights { try SwapEMAWeights(momentum: 0.5, swapOnEpoch: true) }
        #expect(try run(ema(), at: .checkpoint).seen == [1.5, 3.125])
        #expect(try run(ema(), at: .epochBegin).seen == [0, 2])
        #expect(try run(ema(), at: .trainBatchEnd).seen == [1, 2, 3, 4])
        #expect(try run(ema()).end == 3.125)
    }

    @Test("Batches that make one update count once, also where the epoch's end makes it")
    func accumulated() throws {
        let engine = try engine()
        engine.batches = 3
        let ema = try SwapEMAWeights(momentum: 0.5)
        let watch = Watch(.testBatchEnd, engine)
        _ = try makeLoop(engine, [ema, watch]) { ($0.epochs, $0.accumulate) = (1, 2) }.fit()
        #expect(ema.updates == 2)
        #expect(watch.weights == [1.5])
    }

    @Test("A failure leaves the weights that train")
    func failure() throws {
        let engine = try engine()
        let callback = Recorder()
        callback.events = [.testBatchEnd]
        callback.action = { context in
            if context.run.evaluationCount == 2 { throw FakeFailure("no") }
            return nil
        }
        #expect(throws: TrainingError.self) {
            try makeLoop(engine, [SwapEMAWeights(momentum: 0.5), callback]) { $0.epochs = 3 }.fit()
        }
        #expect(engine.weights == 4)
    }

    @Test("Weights that somebody writes while the average stands in stay")
    func written() throws {
        let engine = try engine()
        let callback = Recorder()
        callback.events = [.testBatchEnd]
        callback.action = { context in
            try context.run.writeWeights([Tensor(100)])
            return nil
        }
        let watch = Watch(.epochEnd, engine)
        _ = try makeLoop(engine, [SwapEMAWeights(), callback, watch]).fit()
        #expect(watch.weights == [100])
    }

    @Test("SWA averages alike from its epoch on, with a learning rate of its own")
    func stochastic() throws {
        // The ends of the epochs are 2, 4, 6 and 8.
        let (seen, end, engine) = try run(
            StochasticWeightAveraging(startEpoch: 3, learningRate: 0.02), epochs: 4)
        #expect(seen == [2, 4, 6, 7])
        #expect(end == 7)
        #expect(engine.optimizer.learningRate == 0.02)
        #expect(try run(StochasticWeightAveraging(startEpoch: 2, every: .steps(1))).end == 3.5)
        #expect(try run(StochasticWeightAveraging(startEpoch: 1, every: .epochs(2)), epochs: 4).end == 4)
        // After three quarters: the fourth of four.
        #expect(try run(StochasticWeightAveraging(), epochs: 4).end == 8)
        #expect(try run(StochasticWeightAveraging(startEpoch: 1, swapAtEnd: false)).end == 4)
    }

    @Test("The best weights are the averaged ones where those were validated")
    func best() throws {
        func best(_ callbacks: [any Callback]) throws -> Float {
            let engine = try self.engine()
            engine.validationValue = { [3, 1, 2][$0 - 1] }
            _ = try makeLoop(engine, callbacks) { $0.epochs = 3 }.fit()
            return engine.weights
        }
        #expect(try best([KeepBestWeights()]) == 4)
        #expect(try best([KeepBestWeights(restoreAtEnd: false)]) == 6)
        #expect(try best([SwapEMAWeights(momentum: 0.5), KeepBestWeights()]) == 3.125)
        #expect(
            try best([SwapEMAWeights(momentum: 0.5), EarlyStopping(patience: 5, restoreBestWeights: true)]) == 3.125)
        let engine = try FakeEngine()
        #expect(throws: TrainingError.self) { try makeLoop(engine, [KeepBestWeights(monitor: "val_los")]).fit() }
        #expect(engine.calls.isEmpty)
    }

    @Test("An average that never began is told of at the end")
    func neverBegan() throws {
        let averages: [any Callback] = [
            try StochasticWeightAveraging(startEpoch: 9), try SwapEMAWeights(startFromStep: 100),
        ]
        for average in averages {
            let engine = try run(average).engine
            #expect(engine.weights == 4)
            #expect(engine.remarks.map { $0.hasPrefix("\(average.name): the run ended before any weights") } == [true])
        }
        #expect(try run(SwapEMAWeights()).engine.remarks.isEmpty)
    }

    @Test("A run ends with the best weights, whichever of the two callbacks stands first", arguments: [false, true])
    func bestWhereverItStands(swapsOnEpoch: Bool) throws {
        for keeper in [
            try KeepBestWeights(), try EarlyStopping(patience: 5, restoreBestWeights: true),
        ] as [any Callback] {
            for values in [[3, 1, 2], [3, 2, 1]] {
                let engine = try self.engine()
                engine.validationValue = { Double(values[$0 - 1]) }
                let ema = try SwapEMAWeights(momentum: 0.5, swapOnEpoch: swapsOnEpoch)
                _ = try makeLoop(engine, [keeper, ema]) { $0.epochs = 3 }.fit()
                // The averages of the second and of the third epoch.
                #expect(engine.weights == (values[1] == 1 ? 3.125 : 5.03125), "\(keeper.name) \(values)")
            }
        }
        // A stopped fit's average does not stay for the next one.
        let engine = try self.engine()
        _ = try makeLoop(engine, [SwapEMAWeights(momentum: 0.5)]) { $0.epochs = 1 }.fit()
        #expect(engine.weights == 1.5)
    }

    @Test("Options out of range and two averages at once are errors")
    func options() throws {
        #expect(throws: TrainingError.self) { try SwapEMAWeights(momentum: 1) }
        #expect(throws: TrainingError.self) { try SwapEMAWeights(startFromStep: -1) }
        #expect(throws: TrainingError.self) { try SwapEMAWeights(updateEvery: 0) }
        #expect(throws: TrainingError.self) { try StochasticWeightAveraging(startEpoch: 0) }
        #expect(throws: TrainingError.self) { try StochasticWeightAveraging(learningRate: -1) }
        let engine = try FakeEngine()
        let error = try #require(throws: TrainingError.self) {
            try makeLoop(engine, [SwapEMAWeights(), StochasticWeightAveraging()]).fit()
        }
        #expect(
            error.message
                == "swap_ema_weights: 'stochastic_weight_averaging' averages the weights of this run already; "
                + "only one can"
        )
        #expect(engine.calls.isEmpty)
    }

    /// The weights after each update of three epochs, and those in the files of the epochs.
    private func filed(_ average: SwapEMAWeights, goingBack: Bool = false) throws -> (end: [Tensor], files: [[Tensor]])
    {
        let folder = try TemporaryFolder()
        func trainer() throws -> Trainer {
            let trainer = try Trainer(
                Sequential([Dense(8, activation: .tanh), Dense(10)]), optimizer: .adam(learningRate: 0.01),
                loss: SparseCategoricalCrossentropy(), seed: 3)
            trainer.message = { _ in }
            return trainer
        }
        let data = try Dataset.digits().take(160)
        var options = ModelCheckpoint.Options()
        options.savesWeightsOnly = true
        let saver = try ModelCheckpoint(.files(folder.path("{epoch}.safetensors")), options: options)
        let whole = try ModelCheckpoint(.folder(folder.path("whole"), keepLast: nil, keepBest: 0))
        let back = LambdaCallback(on: .epochEnd) { context in
            guard goingBack, context.run.epoch == 3 else { return nil }
            return .restore(.epoch(2))
        }
        let trained = try trainer()
        try trained.fit(
            data, epochs: goingBack ? 3 : 2, batchSize: 32, callbacks: [average, back, whole, saver], verbose: .silent)
        let other = try trainer()
        try other.state.build([TensorSpec([64])])
        let files = try [1, 2].map { epoch in
            try other.state.loadWeights(from: folder.path("\(epoch).safetensors"))
            return try other.getWeights()
        }
        return (try trained.getWeights(), files)
    }

    @Test("Files have the weights that train, or with swap_on_epoch the average")
    func files() throws {
        let raw = try filed(SwapEMAWeights(momentum: 0.9, swapAtEnd: false))
        #expect(raw.files[1] == raw.end)
        let averaged = try filed(SwapEMAWeights(momentum: 0.9, swapOnEpoch: true))
        #expect(averaged.files[1] == averaged.end)
        #expect(averaged.files[1] != raw.files[1])
        // The weights that train go on as if nobody had looked.
        #expect(try filed(SwapEMAWeights(momentum: 0.9)).files == raw.files)
        #expect(try filed(SwapEMAWeights(momentum: 0.9)).end == averaged.end)
    }

    @Test("Going back to a checkpoint takes the average back too", arguments: [false, true])
    func goingBack(swapOnEpoch: Bool) throws {
        func average() throws -> SwapEMAWeights { try SwapEMAWeights(momentum: 0.9, swapOnEpoch: swapOnEpoch) }
        #expect(try filed(average(), goingBack: true).end == filed(average()).end)
    }

    @Test("What validation says at the end is what evaluate says afterwards, and predict puts the weights back")
    func realModel() throws {
        let model = Sequential([Dense(16, activation: .tanh), BatchNormalization(), Dense(10)])
        let trainer = try Trainer(
            model, optimizer: .adam(learningRate: 0.01), loss: SparseCategoricalCrossentropy(), metrics: [Accuracy()],
            seed: 3)
        let (data, validation) = try Dataset.digits().take(400).split(0.8)
        let history = try trainer.fit(
            data, epochs: 3, batchSize: 32, validation: validation, callbacks: [SwapEMAWeights(momentum: 0.9)],
            verbose: .silent)
        #expect(try trainer.evaluate(validation, batchSize: 32)["loss"] == history["val_loss"]?.last)
        let ema = try SwapEMAWeights(momentum: 0.9, swapAtEnd: false)
        let second = try trainer.fit(
            data, epochs: 2, batchSize: 32, validation: validation, callbacks: [ema], verbose: .silent)
        let weights = try trainer.getWeights()
        #expect(try trainer.evaluate(validation, batchSize: 32)["loss"] != second["val_loss"]?.last)
        let averaged = try trainer.evaluate(validation, batchSize: 32, callbacks: [ema])
        #expect(averaged["loss"] == second["val_loss"]?.last)
        _ = try trainer.predict(validation, callbacks: [ema])
        #expect(try trainer.getWeights() == weights)
    }
}
