import PeriluneData
import PeriluneGraph
import PeriluneLoggers
import PeriluneNN
import PeriluneTestSupport
import Synchronization
import Testing

@testable import PeriluneTrain

/// Statistics of gradients, weights and activations.
@Suite struct TensorMonitorTests {
    /// y = w x, by the mean square: every number is known.
    private func line(_ optimizer: Optimizer? = nil) throws -> Trainer {
        let model = Sequential([Dense(1, usesBias: false, name: "line")])
        let trainer = try Trainer(
            model, optimizer: optimizer ?? .sgd(learningRate: 0), loss: MeanSquaredError(), seed: 0)
        try model.build(inputShapes: [[1]])
        try trainer.setWeights([Tensor([3.0] as [Float], shape: [1, 1])])
        return trainer
    }

    private func data() throws -> Dataset {
        try .tensors(Tensor([1.0, 2.0] as [Float], shape: [2, 1]), Tensor([2.0, 4.0] as [Float], shape: [2, 1]))
    }

    @Test func `statistics tell of every element`() {
        var statistics = TensorStatistics()
        statistics.add([3, -4, 0, 0] as [Float])
        #expect(statistics[.norm] == 5)
        #expect(statistics[.mean] == -0.25)
        #expect(statistics[.std] == (6.25 - 0.0625).squareRoot())
        #expect(statistics[.min] == -4 && statistics[.max] == 3)
        #expect(statistics[.zeros] == 0.5 && statistics[.nonfinite] == 0)
        var other = TensorStatistics()
        other.add([.nan, .infinity, 12, 1] as [Float])
        statistics.add(other)
        #expect(statistics[.nonfinite] == 0.25)
        #expect(statistics[.max] == 12 && statistics[.min] == -4)
        #expect(statistics[.norm].isNaN)
        #expect(TensorStatistics()[.mean].isNaN && TensorStatistics()[.min].isNaN)
    }

    @Test func `an epoch without a measurement has no number of another, and a table a column for it`() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("log.csv")
        var options = FitOptions()
        (options.epochs, options.batchSize, options.verbose) = (5, 1, .silent)
        let logger = try CSVLogger(path)
        let history = try line(.sgd(learningRate: 0.1)).fit(
            data(), options,
            callbacks: [
                WeightMonitor(every: .epochs(2), layers: "line"), GradientMonitor(every: .steps(3)),
                ActivationMonitor(every: .epochs(4)), MemoryMonitor(every: .epochs(5)), logger,
            ])
        // Two steps an epoch: steps 3, 6 and 9 are in epochs 2, 3 and 5.
        #expect(history["weight_norm"]?.count == 2 && history["grad_norm"]?.count == 3)
        #expect(history["activation_std"]?.count == 1 && history["memory_peak"]?.count == 1)
        let table = SmallCallbackTests.contents(path).split(separator: "\n").map { $0.split(separator: ",") }
        func epochs(_ name: String) throws -> [String] {
            let column = try #require(table[0].firstIndex { $0 == name })
            return table.dropFirst().filter { $0[column] != "NA" }.map { String($0[0]) }
        }
        #expect(try epochs("weight_norm") == ["2", "4"] && epochs("weight/line/kernel/norm") == ["2", "4"])
        #expect(try epochs("grad_norm") == ["2", "3", "5"])
        #expect(try epochs("activation_zeros") == ["4"] && epochs("memory_rss") == ["5"])
    }

    @Test(arguments: [0, 1e4, -1e6, 1e8] as [Double])
    func `a large mean leaves the deviation exact, however the elements are divided`(offset: Double) {
        let values = (0..<100).map { Float(offset + Double(($0 * 37) % 101) / 8) }
        let mean = values.reduce(0) { $0 + Double($1) } / 100
        let variance = values.reduce(0) { $0 + (Double($1) - mean) * (Double($1) - mean) } / 100
        for cut in [0, 1, 50, 99, 100] {
            var (first, second) = (TensorStatistics(), TensorStatistics())
            first.add(values[..<cut])
            second.add(values[cut...])
            first.add(second)
            #expect(abs(first[.mean] - mean) <= 1e-14 * abs(mean) + 1e-12, "\(cut)")
            #expect(abs(first[.std] - variance.squareRoot()) <= 1e-12 * variance.squareRoot(), "\(cut)")
        }
    }

    @Test func `the norm alone is the same number`() {
        for count in 0..<10 {
            var (all, squares) = (TensorStatistics(), TensorStatistics())
            let values = (0..<count).map { Float($0) * 0.37 - 1 }
            all.add(values)
            squares.addSquares(values)
            squares.addSquares([])
            #expect(abs(all[.norm] - squares[.norm]) <= 1e-12 * all[.norm], "\(count)")
        }
        for (value, isNaN) in [(Float.nan, true), (.infinity, false)] {
            var statistics = TensorStatistics()
            statistics.addSquares([1, 2, 3, 4, value])
            #expect(statistics[.norm].isNaN == isNaN && !statistics[.norm].isFinite)
        }
    }

    @Test(arguments: [1, 2])
    func `gradients are those of the loss, the mean over accumulated batches`(accumulate: Int) throws {
        var options = FitOptions()
        (options.batchSize, options.accumulate, options.verbose, options.shuffle) = (
            2 / accumulate, accumulate, .silent, false
        )
        let monitor = try GradientMonitor(layers: "line", statistics: ["norm", "mean"])
        let history = try line().fit(data(), options, callbacks: [monitor])
        // The mean of 2 (3x - 2x) x over x of 1 and 2.
        #expect(history["grad_norm"] == [5])
        #expect(history["grad/line/kernel/norm"] == [5])
        #expect(history["grad/line/kernel/mean"] == [5])
        #expect(monitor.report["grad_norm"] == 5.0)
    }

    @Test func `gradients are there in the logs of the batch, for the steps that are due`() throws {
        var seen: [Double?] = []
        let recorder = Recorder()
        recorder.events = [.trainBatchEnd]
        recorder.action = { context in
            seen.append(context.logs["grad_norm"])
            return nil
        }
        try line().fit(
            data(), epochs: 2, batchSize: 1, callbacks: [try GradientMonitor(every: .steps(3)), recorder],
            verbose: .silent)
        #expect(seen.map { $0 != nil } == [false, false, true, false])
        seen = []
        try line().fit(
            data(), epochs: 2, batchSize: 1, callbacks: [try GradientMonitor(every: .epochs(2)), recorder],
            verbose: .silent)
        #expect(seen.map { $0 != nil } == [false, false, true, false])
    }

    @Test func `gradients do not change the training`() throws {
        func weights(_ callbacks: [any Callback]) throws -> [Tensor] {
            let trainer = try Trainer(
                Sequential([Dense(8, activation: .relu), Dense(10)]), optimizer: .adam(),
                loss: SparseCategoricalCrossentropy(), seed: 3)
            try trainer.fit(.digits().take(200), epochs: 2, callbacks: callbacks, verbose: .silent)
            return try trainer.getWeights()
        }
        let alone = try weights([])
        let watched = try weights([
            try GradientMonitor(layers: "*"), try WeightMonitor(every: .steps(1), layers: "*"),
            try ActivationMonitor(every: .steps(1), layers: "*"),
        ])
        for (a, b) in zip(alone, watched) { expectClose(a, b, relative: 1e-6, absolute: 1e-7) }
    }

    @Test func `steps are taken apart in the epochs that are measured, and not in others`() throws {
        func calls(_ change: (inout FitOptions) -> Void = { _ in }, _ others: any Callback...) throws -> [String] {
            let engine = try FakeEngine()
            let monitor = try GradientMonitor(every: .epochs(3))
            _ = try makeLoop(engine, [monitor] + others, validates: false) {
                $0.epochs = 4
                change(&$0)
            }.fit()
            return engine.calls
        }
        let together = ["step", "step"]
        let apart = ["backward", "update", "backward", "update"]
        #expect(try calls() == together + together + apart + together)
        #expect(try calls { $0.initialEpoch = 2 } == apart + together)
        // Somebody else wants to see all of them.
        let recorder = Recorder()
        recorder.events = [.backwardEnd]
        #expect(try calls({ $0.epochs = 3 }, recorder) == apart + apart + apart)
        // Batches that make one update are apart anyway.
        #expect(try calls { ($0.epochs, $0.accumulate) = (1, 2) } == ["backward", "backward", "update"])
    }

    @Test func `a session that changes between epochs goes on with its data`() throws {
        // Each epoch reads the data once, and nothing else does: data may be there only once.
        let readings = Atomic<Int>(0)
        let data = Dataset.generator {
            readings.add(1, ordering: .relaxed)
            var left = 2
            return {
                left -= 1
                return left < 0 ? nil : GeneratedExamples(Tensor([1.0], shape: [1, 1]), Tensor([2.0], shape: [1, 1]))
            }
        }
        let history = try line().fit(
            data, epochs: 5, callbacks: [try GradientMonitor(every: .epochs(2))], verbose: .silent)
        #expect(history.epochs == [1, 2, 3, 4, 5])
        #expect(history["grad_norm"] == [2, 2])
        #expect(readings.load(ordering: .relaxed) == 5)
    }

    @Test func `only the monitor of gradients takes steps apart`() throws {
        let others: [any Callback] = [
            try WeightMonitor(every: .steps(1)), try ActivationMonitor(every: .steps(1)), try Throughput(),
            try MemoryMonitor(), try LRMonitor(), CallbackTimer(), try Sparkline(), try Sampler { _ in nil },
            try CSVLogger("x"), try JSONLogger("x"), try TensorBoard("x"), try RemoteMonitor(),
        ]
        for callback in others { #expect(!callback.events.contains(.backwardEnd), "\(callback.name)") }
        #expect(try GradientMonitor().events.contains(.backwardEnd))
        #expect(!(try WeightMonitor().events.contains(.trainBatchEnd)))
        #expect(!(try MemoryMonitor().events.contains(.trainBatchEnd)))
    }

    @Test func `weights are those at the end of the epoch`() throws {
        let trainer = try line(.sgd(learningRate: 0.1))
        let monitor = try WeightMonitor(layers: "*/kernel", statistics: ["norm", "zeros"])
        let history = try trainer.fit(data(), epochs: 1, batchSize: 2, callbacks: [monitor], verbose: .silent)
        let weight = Double(try trainer.getWeights()[0].floats[0])
        #expect(abs(weight - 2.5) < 1e-6)
        #expect(history["weight_norm"] == [weight])
        #expect(history["weight/line/kernel/norm"] == [weight])
        #expect(history["weight/line/kernel/zeros"] == [0])
    }

    @Test func `activations are what the layers give for the batch`() throws {
        let x = testTensor([8, 3])
        let model = Sequential([Dense(4, activation: .relu, name: "hidden"), Dropout(0.5), Dense(1, name: "last")])
        let trainer = try Trainer(model, optimizer: .sgd(learningRate: 0.1), loss: MeanSquaredError(), seed: 0)
        let monitor = try ActivationMonitor(layers: "*", statistics: ["mean", "zeros", "max"])
        let history = try trainer.fit(
            .tensors(x, testTensor([8, 1])), epochs: 1, batchSize: 8, callbacks: [monitor], verbose: .silent)
        let weights = try trainer.getWeights().map { $0.floats.map(Double.init) }
        var hidden: [Double] = []
        for row in 0..<8 {
            for unit in 0..<4 {
                var sum = weights[1][unit]
                for input in 0..<3 { sum += Double(x.floats[row * 3 + input]) * weights[0][input * 4 + unit] }
                hidden.append(max(0, sum))
            }
        }
        let mean = hidden.reduce(0, +) / 32
        #expect(abs((history["activation/hidden/mean"]?[0] ?? .nan) - mean) < 1e-5)
        #expect(history["activation/hidden/zeros"] == [Double(hidden.count { $0 == 0 }) / 32])
        #expect(history["activation/dropout/mean"] == history["activation/hidden/mean"])
        let last = try trainer.predict(x).floats.map(Double.init)
        #expect(abs((history["activation/last/max"]?[0] ?? .nan) - (last.max() ?? 0)) < 1e-5)
        #expect(history["activation_zeros"] != nil)
    }

    @Test func `layers within submodels have paths, and programs follow the size of the batch`() throws {
        let inner = Sequential([Dense(3, name: "a")], name: "inner")
        let trainer = try Trainer(
            Sequential([inner, Dense(1, name: "b")]), optimizer: .sgd(learningRate: 0.1), loss: MeanSquaredError(),
            seed: 0)
        let monitor = try ActivationMonitor(every: .steps(1), layers: "inner/*", statistics: ["norm"])
        let history = try trainer.fit(
            .tensors(testTensor([5, 2]), testTensor([5, 1])), epochs: 2, batchSize: 2, callbacks: [monitor],
            verbose: .silent)
        #expect(history["activation/inner/a/norm"]?.count == 2)
        #expect(history["activation/inner/norm"] == nil)
    }

    @Test func `unknown layers and statistics are errors with the nearest name`() throws {
        let error = try #require(throws: TrainingError.self) {
            try line().fit(data(), epochs: 1, callbacks: [try WeightMonitor(layers: "line/kernal")], verbose: .silent)
        }
        #expect(
            error.message
                == "weight_monitor: 'layers' is 'line/kernal', which is no layer; did you mean 'line/kernel'?; "
                + "there are line/kernel"
        )
        #expect(error.place.callback == "weight_monitor")
        let other = try #require(throws: TrainingError.self) { try GradientMonitor(statistics: ["nrom"]) }
        #expect(
            other.message
                == "gradient_monitor: 'statistics' has 'nrom'; did you mean 'norm'?; there are norm, mean, std, "
                + "min, max, zeros, nonfinite")
        #expect(throws: TrainingError.self) { try ActivationMonitor(every: .steps(0)) }
    }

    @Test func `a resumed run has the numbers of one that was not interrupted`() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("run.safetensors")
        func fit(_ resume: String?, _ saver: CheckpointKeeper) throws -> [String: [Double]] {
            let trainer = try Trainer(
                Sequential([Dense(3, activation: .relu), Dense(1)]), optimizer: .adam(), loss: MeanSquaredError(),
                seed: 4)
            trainer.message = { _ in }
            var options = FitOptions()
            (options.epochs, options.batchSize, options.verbose, options.resume) = (3, 4, .silent, resume)
            let history = try trainer.fit(
                .tensors(testTensor([10, 2]), testTensor([10, 1])), options,
                callbacks: [
                    try GradientMonitor(every: .epochs(2), layers: "*"), try WeightMonitor(every: .steps(2)),
                    try ActivationMonitor(every: .epochs(2)), try LRMonitor(every: .steps(1)), saver,
                ])
            return Dictionary(
                uniqueKeysWithValues: history.names.filter { $0 != "epoch_seconds" && $0 != "samples_per_second" }.map {
                    ($0, history[$0] ?? [])
                })
        }
        let saver = CheckpointKeeper()
        let whole = try fit(nil, saver)
        #expect(whole["grad_norm"] != nil && whole["activation_std"] != nil)
        for checkpoint in saver.kept {
            try checkpoint.write(to: path)
            let resumed = try fit(path, CheckpointKeeper())
            #expect("\(resumed.sorted { $0.key < $1.key })" == "\(whole.sorted { $0.key < $1.key })")
        }
    }
}
