import PeriluneData
import PeriluneGraph
import PeriluneNN
import PeriluneTestSupport
import Testing

@testable import PeriluneTrain

/// What the options of a fit, and directives, make of a real run.
@Suite("Options and directives of a real fit")
struct PlanTests {
    private func options(_ change: (inout FitOptions) -> Void) -> FitOptions {
        var options = FitOptions()
        (options.batchSize, options.shuffle, options.verbose) = (4, false, .silent)
        change(&options)
        return options
    }

    private func expectSame(_ a: Trainer, _ b: Trainer, relative: Double = 1e-6) throws {
        for (x, y) in zip(try a.getWeights(), try b.getWeights()) {
            expectClose(x, y, relative: relative, absolute: 1e-6)
        }
    }

    @Test("Accumulated batches make the steps of larger ones, the last of an epoch too")
    func accumulation() throws {
        let (large, small) = try (lineTrainer(.adam(), hidden: true), lineTrainer(.adam(), hidden: true))
        // 8 and 4 rows against 4 + 4 and 4.
        let data = try Dataset.tensors(testTensor([12, 2], seed: 1), testTensor([12, 1], seed: 2))
        try large.fit(data, options { ($0.epochs, $0.batchSize) = (5, 8) })
        try small.fit(data, options { ($0.epochs, $0.accumulate) = (5, 2) })
        #expect(large.step == 10 && small.step == 10)
        try expectSame(large, small)
    }

    @Test("A smaller last batch counts by its rows")
    func lastBatch() throws {
        let trainer = try lineTrainer(.sgd(learningRate: 0))
        let loss = try #require(try trainer.fit(line(), options { $0.epochs = 1 }).last("loss"))
        let whole = try #require(try trainer.evaluate(line(), batchSize: 10)["loss"])
        #expect(abs(loss - whole) < 1e-6)
        #expect(try abs(#require(trainer.evaluate(line(), batchSize: 3)["loss"]) - whole) < 1e-6)
        let parts = try [4, 10].map { try trainer.predict(line(), batchSize: $0)[0] }
        expectClose(parts[0], parts[1])
    }

    @Test("Validation every second epoch, or every second step")
    func validationEvery() throws {
        func validate(_ every: FitOptions.ValidationFrequency) throws -> History {
            try lineTrainer().fit(
                line(), options { ($0.epochs, $0.validationEvery) = (5, every) }, validation: line())
        }
        let epochs = try validate(.epochs(2))
        #expect(epochs["val_loss"]?.count == 2)
        #expect(epochs["loss"]?.count == 5)
        let steps = try validate(.steps(2))
        #expect(steps.validations.map(\.step) == [2, 4, 6, 8, 10, 12, 14])
    }

    @Test("Learning rate and momentum by directive act as if they had been set by hand")
    func hyperparameters() throws {
        let asked = try lineTrainer(.sgd(learningRate: 0.1, momentum: 0.9))
        var rates: [Double] = []
        let callback = LambdaCallback(on: .trainBatchEnd) { context in
            rates.append(context.logs["lr"] ?? .nan)
            guard context.run.step == 2 else { return nil }
            return [.learningRate(0.03), .set("momentum", 0.5)]
        }
        try asked.fit(line().take(8), options { $0.epochs = 2 }, callbacks: [callback])
        let set = try lineTrainer(.sgd(learningRate: 0.1, momentum: 0.9))
        try set.fit(line().take(8), options { $0.epochs = 1 })
        try set.optimizer.set("lr", 0.03)
        try set.optimizer.set("momentum", 0.5)
        try set.fit(line().take(8), options { ($0.initialEpoch, $0.epochs) = (1, 2) })
        #expect(try asked.getWeights() == set.getWeights())
        #expect(rates == [0.1, 0.1, 0.03, 0.03])
    }

    @Test("A scale multiplies the schedule from the next step on; a learning rate replaces it")
    func scaledSchedule() throws {
        let decay = try ExponentialDecay(initial: 0.1, decaySteps: 1, rate: 0.5)
        let asked = try lineTrainer(.sgd(schedule: decay))
        let callback = LambdaCallback(on: .trainBatchEnd) { context in
            switch context.run.step {
            case 2: .learningRateScale(0.1)
            case 4: .learningRate(0.02)
            default: nil
            }
        }
        try asked.fit(line().take(8), options { $0.epochs = 3 }, callbacks: [callback])
        // The same rates, step by step, by hand.
        let set = try lineTrainer()
        for (batch, rate) in [0.1, 0.05, 0.0025, 0.00125, 0.02, 0.02].enumerated() {
            try set.optimizer.set("lr", rate)
            let rows = try line().subset(Array((batch % 2 * 4)..<(batch % 2 * 4 + 4)))
            _ = try set.trainOnBatch(rows.input(0), rows.target(0))
        }
        #expect(try asked.getWeights() == set.getWeights())
    }

    @Test("A layer frozen by directive keeps its weights until it is released, the others train on")
    func freezing() throws {
        let trainer = try lineTrainer(.adam(learningRate: 0.01), hidden: true)
        let name = trainer.model.layers[0].name
        var seen: [[Tensor]] = []
        let callback = LambdaCallback(on: .epochEnd) { context in
            seen.append(context.run.readWeights())
            return context.run.epoch == 1 ? .freeze(name) : context.run.epoch == 3 ? .unfreeze("*") : nil
        }
        try trainer.fit(line(), options { $0.epochs = 4 }, callbacks: [callback])
        #expect(seen[0][0] == seen[2][0] && seen[0][1] == seen[2][1])
        #expect(seen[0][2] != seen[1][2] && seen[1][2] != seen[2][2])
        #expect(seen[2][0] != seen[3][0] && seen[2][2] != seen[3][2])
    }

    @Test("Gradients that wait when their layer is frozen are not used when it is released")
    func freezingWhileAccumulating() throws {
        func weights(freezes: Bool) throws -> [Tensor] {
            let trainer = try lineTrainer(.sgd(learningRate: 0), hidden: true)
            let name = trainer.model.layers[0].name
            let callback = LambdaCallback([
                .trainBatchEnd: { $0.run.epoch == 1 && $0.run.batch == 1 && freezes ? .freeze(name) : nil },
                // The first epoch trains nothing, so that the second shows what was left of it.
                .epochEnd: { _ in [.unfreeze("*"), .learningRate(0.5)]
                },
            ])
            try trainer.fit(
                line().take(8), options { ($0.epochs, $0.accumulate) = (2, 2) }, callbacks: [callback])
            return try trainer.getWeights()
        }
        #expect(try weights(freezes: true) == weights(freezes: false))
    }

    @Test("A skipped batch, and a skipped update, train nothing", arguments: [Event.trainBatchBegin, .backwardEnd])
    func skipping(_ event: Event) throws {
        let trainer = try lineTrainer()
        let callback = LambdaCallback(on: event) { $0.run.batch == 2 ? .skip : nil }
        try trainer.fit(line(), options { $0.epochs = 1 }, callbacks: [callback])
        #expect(trainer.step == 2)
        let rest = try lineTrainer()
        try rest.fit(line().subset([0, 1, 2, 3, 8, 9]), options { $0.epochs = 1 })
        try expectSame(trainer, rest)
    }

    @Test("A new batch size holds from the next epoch, and an epoch may end early")
    func plan() throws {
        let trainer = try lineTrainer()
        var sizes: [Double] = []
        let callback = LambdaCallback(on: .trainBatchEnd) { context in
            sizes.append(context.logs["size"] ?? .nan)
            return context.run.step == 2 ? [.endEpoch, .batchSize(5)] : nil
        }
        try trainer.fit(line(), options { $0.epochs = 2 }, callbacks: [callback])
        #expect(sizes == [4, 4, 5, 5])
    }
}
