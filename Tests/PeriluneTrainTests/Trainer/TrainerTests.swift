import PeriluneData
import PeriluneGraph
import PeriluneNN
import PeriluneRuntime
import Testing

@testable import PeriluneTrain

/// y = 2a - b + 0.5 for 10 rows, so that batches of 4 leave a last one of 2.
func line() throws -> Dataset {
    let x: [Float] = (0..<20).map { (index: Int) -> Float in Float((index * 7) % 11) / 11 }
    let y: [Float] = (0..<10).map { (row: Int) -> Float in 2 * x[2 * row] - x[2 * row + 1] + 0.5 }
    return try .tensors(Tensor(x, shape: [10, 2]), Tensor(y, shape: [10, 1]))
}

func lineTrainer(_ optimizer: Optimizer? = nil, hidden: Bool = false) throws -> Trainer {
    let layers: [any Layer] = hidden ? [Dense(4, activation: .tanh), Dense(1)] : [Dense(1)]
    let trainer = try Trainer(
        Sequential(layers), optimizer: optimizer ?? .sgd(learningRate: 0.1), loss: MeanSquaredError(),
        metrics: [], seed: 3)
    trainer.message = { _ in }
    return trainer
}

@Suite("Trainer")
struct TrainerTests {
    @Test("Fits a line")
    func fits() throws {
        let trainer = try lineTrainer(.adam(learningRate: 0.05))
        let history = try trainer.fit(line(), epochs: 200, batchSize: 4, validation: line(), verbose: .silent)
        #expect(history.last("loss") ?? 1 < 1e-3)
        #expect(history["val_loss"]?.count == 200)
        #expect(trainer.step == 600)
        let prediction = try trainer.predict(Tensor([1.0, 0.0], shape: [1, 2]))
        #expect(abs(prediction.floats[0] - 2.5) < 0.1)
        let evaluated = try trainer.evaluate(line())
        #expect(abs((evaluated["loss"] ?? 1) - (history.last("val_loss") ?? 0)) < 1e-6)
    }

    @Test("Same seed, same bits; splitting the step changes nothing")
    func reproducible() throws {
        func weights(_ callbacks: [any Callback]) throws -> [Tensor] {
            let trainer = try lineTrainer(.adam(), hidden: true)
            try trainer.fit(line(), epochs: 3, batchSize: 4, callbacks: callbacks, verbose: .silent)
            return try trainer.getWeights()
        }
        let fused = try weights([])
        #expect(try weights([]) == fused)
        let split = try weights([LambdaCallback(on: .backwardEnd) { _ in nil }])
        for (a, b) in zip(fused, split) {
            for (x, y) in zip(a.floats, b.floats) { #expect(abs(x - y) < 1e-6) }
        }
    }

    @Test("SGD by hand: one step on one batch")
    func oneStep() throws {
        let trainer = try lineTrainer()
        try trainer.state.build([TensorSpec([2])])
        try trainer.setWeights([Tensor([1.0, -1.0], shape: [2, 1]), Tensor([0.0], shape: [1])])
        let logs = try trainer.trainOnBatch(
            Tensor([1.0, 2.0, 3.0, 4.0], shape: [2, 2]), Tensor([0.0, 1.0], shape: [2, 1]))
        // Predictions -1 and -1: errors -1 and -2, loss 2.5; gradient of the kernel -(1 + 6), -(2 + 8), of the bias -3.
        #expect(logs["loss"] == 2.5)
        let weights = try trainer.getWeights()
        #expect(zip(weights[0].floats, [1.7, 0]).allSatisfy { abs($0 - $1) < 1e-6 })
        #expect(abs(weights[1].floats[0] - 0.3) < 1e-6)
    }

    @Test("Accumulated batches make the step of one large batch")
    func accumulation() throws {
        func weights(_ change: (inout FitOptions) -> Void) throws -> [Tensor] {
            let trainer = try lineTrainer()
            var options = FitOptions()
            (options.shuffle, options.verbose) = (false, .silent)
            change(&options)
            try trainer.fit(line().take(8), options)
            #expect(trainer.step == 1)
            return try trainer.getWeights()
        }
        let whole = try weights { $0.batchSize = 8 }
        let parts = try weights { ($0.batchSize, $0.accumulate) = (4, 2) }
        for (a, b) in zip(whole, parts) {
            for (x, y) in zip(a.floats, b.floats) { #expect(abs(x - y) < 1e-6) }
        }
    }

    @Test("Hyper-parameters change without recompiling; a learning rate of 0 changes nothing")
    func hyperparameters() throws {
        let trainer = try lineTrainer(.sgd(learningRate: 0.1, momentum: 0.9))
        let callback = LambdaCallback(on: .epochEnd) { $0.run.epoch == 1 ? .learningRate(0) : nil }
        try trainer.optimizer.set("momentum", 0.5)
        let version = trainer.programVersion
        try trainer.fit(line(), epochs: 1, callbacks: [callback], verbose: .silent)
        #expect(trainer.optimizer.learningRate == 0)
        try trainer.optimizer.set("momentum", 0)
        let before = try trainer.getWeights()
        try trainer.fit(line(), epochs: 1, verbose: .silent)
        #expect(try trainer.getWeights() == before)
        #expect(trainer.programVersion == version)
    }

    @Test("Frozen layers keep their weights")
    func freezing() throws {
        let trainer = try lineTrainer(hidden: true)
        let name = trainer.model.layers[0].name
        try trainer.state.build([TensorSpec([2])])
        let before = try trainer.getWeights()
        let freeze = LambdaCallback(on: .trainBegin) { _ in .freeze(name) }
        try trainer.fit(line(), epochs: 1, callbacks: [freeze], verbose: .silent)
        let after = try trainer.getWeights()
        #expect(after[0] == before[0] && after[1] == before[1])
        #expect(after[2] != before[2])
    }

    @Test("Events of a real fit come in the same order as those of the fake engine")
    func order() throws {
        let recorder = Recorder()
        let trainer = try lineTrainer()
        try trainer.fit(
            line().take(8), epochs: 1, batchSize: 4, validation: line().take(4), callbacks: [recorder],
            verbose: .silent)
        #expect(recorder.trace == ["train_begin"] + EventOrderTests.epoch(1) + ["train_end"])
    }

    @Test("Evaluating from within a callback leaves the run alone")
    func evaluationInside() throws {
        let data = try line()
        func loss(_ callbacks: [any Callback]) throws -> [Double]? {
            try lineTrainer().fit(data, epochs: 2, batchSize: 4, callbacks: callbacks, verbose: .silent)["loss"]
        }
        var inner: [Double] = []
        let callback = LambdaCallback(on: .trainBatchEnd) { context in
            inner.append(try context.run.evaluate(data)["loss"] ?? .nan)
            return nil
        }
        #expect(try loss([callback]) == loss([]))
        #expect(inner.count == 6)
    }

    @Test("What does not fit is told before the first event")
    func misfits() throws {
        let recorder = Recorder()
        let trainer = try lineTrainer()
        try trainer.state.build([TensorSpec([2])])
        let wide = try Dataset.tensors(Tensor(repeating: 0, shape: [4, 3]), Tensor(repeating: 0, shape: [4, 1]))
        let error = try #require(throws: TrainingError.self) {
            try trainer.fit(wide, epochs: 1, callbacks: [recorder], verbose: .silent)
        }
        #expect(error.description.contains("takes float32[2], the data give float32[3]"))
        #expect(recorder.trace.isEmpty)
        let noTarget = try Dataset.tensors(Tensor(repeating: 0, shape: [4, 2]))
        #expect(throws: TrainingError.self) { try trainer.fit(noTarget, epochs: 1, verbose: .silent) }
        // The trainer is as good as before.
        #expect(try trainer.fit(line(), epochs: 1, verbose: .silent).endReason == .finished)
    }
}
