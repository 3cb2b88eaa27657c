import Testing

@testable import PeriluneTrain

@Suite("Schedulers of hyper-parameters")
struct SchedulerTests {
    @Test("The learning rate by step: asked before each n-th, with the number of the step from 1")
    func steps() throws {
        var seen: [Int] = []
        let scheduler = try LearningRateScheduler(every: .steps(2)) { step, rate in
            seen.append(step)
            return rate / 2
        }
        let engine = try FakeEngine(learningRate: 1)
        engine.batches = 3
        // The directive counts for the step that it comes before.
        let writer = LambdaCallback(on: .trainBatchEnd) { context in
            .log("rate", context.run.optimizer.learningRate)
        }
        _ = try makeLoop(engine, [scheduler, writer], validates: false) { $0.epochs = 2 }.fit()
        #expect(seen == [1, 3, 5])
        #expect(engine.optimizer.learningRate == 0.125)
    }

    @Test("Batches that make one update are one step")
    func accumulated() throws {
        var seen: [Int] = []
        let scheduler = try LearningRateScheduler(every: .steps(1)) { step, rate in
            seen.append(step)
            return rate
        }
        let engine = try FakeEngine()
        engine.batches = 5
        _ = try makeLoop(engine, [scheduler], validates: false) { ($0.epochs, $0.accumulate) = (2, 2) }.fit()
        #expect(seen == [1, 2, 3, 4, 5, 6])
    }

    @Test("Any hyper-parameter, at each n-th epoch")
    func momentum() throws {
        var seen: [[Double]] = []
        let scheduler = try HyperparameterScheduler("momentum", every: .epochs(2)) { epoch, value in
            seen.append([Double(epoch), value ?? -1])
            return Double(epoch) / 10
        }
        let engine = try FakeEngine()
        _ = try makeLoop(engine, [scheduler]) { $0.epochs = 4 }.fit()
        #expect(seen == [[1, 0.9], [3, 0.1]])
        #expect(engine.optimizer.value(of: "momentum") == 0.3)
        _ = try makeLoop(engine, [HyperparameterScheduler("weight_decay") { $1 == nil ? 0.5 : 0.25 }]) {
            $0.epochs = 2
        }.fit()
        #expect(engine.optimizer.value(of: "weight_decay") == 0.25)
    }

    @Test("Says what it does, if asked")
    func verbose() throws {
        let engine = try FakeEngine()
        _ = try makeLoop(
            engine,
            [
                HyperparameterScheduler("momentum", verbose: true) { _, _ in 0.5 },
                LearningRateScheduler(every: .steps(2), verbose: true) { _, _ in 0.25 },
            ]
        ).fit()
        #expect(engine.remarks == ["epoch 1: setting momentum to 0.5", "step 1: setting the learning rate to 0.25"])
    }

    @Test("What cannot work is an error: names before the first batch, values when they come")
    func errors() throws {
        let engine = try FakeEngine()
        func message(_ name: String, _ value: Double) -> String {
            failure { _ = try makeLoop(engine, [HyperparameterScheduler(name) { _, _ in value }]).fit() }
        }
        #expect(
            message("momentun", 0) == "hyperparameter_scheduler: sgd has no hyper-parameter 'momentun'; did you mean "
                + "'momentum'?; it has learning_rate, momentum, weight_decay, clipnorm, clipvalue, global_clipnorm "
                + "(callback 'hyperparameter_scheduler')")
        #expect(engine.calls.isEmpty)
        #expect(
            message("momentum", 1.5).hasPrefix(
                "directive: 'momentum' must be a number of 0 or more and below 1, got 1.5 (callback "
                    + "'hyperparameter_scheduler', on_epoch_begin, epoch 1"))
        #expect(
            failure { _ = try LearningRateScheduler(every: .seconds(1)) { $1 } }
                == "learning_rate_scheduler: 'every' must be epochs or { steps = n }, got seconds")
    }

    @Test("Resumes exactly, also between the batches of one step")
    func resume() throws {
        try expectExactResume(stride: 2, options: { $0.accumulate = 2 }) {
            [
                try LearningRateScheduler(every: .steps(2)) { step, rate in rate * (step % 3 == 0 ? 0.5 : 1.1) },
                try HyperparameterScheduler("momentum") { epoch, _ in 0.5 + Double(epoch) / 20 },
            ]
        }
    }
}
