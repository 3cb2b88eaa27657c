import Foundation
import PeriluneData
import PeriluneGraph
import PeriluneNN
import PeriluneProcess
import PeriluneTestSupport
import Testing

@testable import PeriluneTrain

/// Statistics of batch normalization for weights that were averaged.
struct BatchNormUpdateTests {
    private let x = testTensor([48, 3], seed: 5, in: 0...4)
    private let y = testTensor([48, 1], seed: 6)

    private func train(
        _ swa: StochasticWeightAveraging, batch: Int = 16, dropout: Double = 0, frozen: Bool = false,
        data: Dataset? = nil, _ others: [any Callback] = []
    ) throws -> (trainer: Trainer, remarks: [String]) {
        let normalization = BatchNormalization(momentum: 0.9, name: "bn")
        let model = Sequential([
            Dense(4, activation: .tanh, name: "first"), Dropout(Float(dropout)), normalization, Dense(1),
        ])
        normalization.isTrainable = !frozen
        let trainer = try Trainer(
            model, optimizer: .sgd(learningRate: 0.1), loss: MeanSquaredError(), seed: 4)
        var remarks: [String] = []
        trainer.message = { remarks.append($0) }
        try trainer.fit(
            try data ?? .tensors(x, y), epochs: 4, batchSize: batch, callbacks: [swa] + others, verbose: .silent)
        return (trainer, remarks)
    }

    private func swa(_ updates: Bool = true) throws -> StochasticWeightAveraging {
        try StochasticWeightAveraging(startEpoch: 2, updateBatchNorm: updates)
    }

    private func weight(_ trainer: Trainer, _ path: String) throws -> [Float] {
        let index = try #require(trainer.model.variables.entries.firstIndex { $0.path == path })
        return try trainer.getWeights()[index].floats
    }

    /// What the layer before is for each row, with the weights that the run ended with.
    private func hidden(_ trainer: Trainer) throws -> [[Double]] {
        let kernel = try weight(trainer, "first/kernel").map(Double.init)
        let bias = try weight(trainer, "first/bias").map(Double.init)
        return (0..<48).map { row in
            (0..<4).map { unit in
                let sum = (0..<3).reduce(bias[unit]) { $0 + Double(x.floats[3 * row + $1]) * kernel[4 * $1 + unit] }
                return tanh(sum)
            }
        }
    }

    @Test func `they are those of all rows in one batch`() throws {
        let (trainer, remarks) = try train(swa(), batch: 48)
        let rows = try hidden(trainer)
        for unit in 0..<4 {
            let values = rows.map { $0[unit] }
            let mean = values.reduce(0, +) / 48
            let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 48
            #expect(abs(Double(try weight(trainer, "bn/moving_mean")[unit]) - mean) < 1e-5)
            #expect(abs(Double(try weight(trainer, "bn/moving_variance")[unit]) - variance) < 1e-5)
        }
        #expect(remarks.isEmpty)
    }

    @Test(arguments: [16, 20]) func `means are those of all rows, whatever the batches`(batch: Int) throws {
        let (trainer, _) = try train(swa(), batch: batch)
        let rows = try hidden(trainer)
        for unit in 0..<4 {
            let mean = rows.reduce(0) { $0 + $1[unit] } / 48
            #expect(abs(Double(try weight(trainer, "bn/moving_mean")[unit]) - mean) < 1e-5)
            // Within batches there is a little less of it.
            let variance = rows.reduce(0) { $0 + ($1[unit] - mean) * ($1[unit] - mean) } / 48
            let found = Double(try weight(trainer, "bn/moving_variance")[unit])
            #expect(found <= variance * 1.0001 && found > variance * 0.7)
        }
    }

    @Test func `nothing else changes, and training goes on as it would`() throws {
        let (plain, updated) = (try train(swa(false)).trainer, try train(swa()).trainer)
        for path in ["first/kernel", "first/bias", "bn/gamma", "bn/beta"] {
            #expect(try weight(plain, path) == weight(updated, path))
        }
        #expect(try weight(plain, "bn/moving_mean") != weight(updated, "bn/moving_mean"))
        #expect(plain.step == updated.step && plain.batchCounter == updated.batchCounter)
    }

    @Test func `a frozen layer keeps its statistics, and a model without any has no pass`() throws {
        let (trainer, _) = try train(swa(), frozen: true)
        #expect(try weight(trainer, "bn/moving_mean") == [0, 0, 0, 0])
        let plain = try Trainer(Sequential([Dense(1)]), optimizer: .sgd(), loss: MeanSquaredError(), seed: 1)
        let sessions = try FitSessions(plain, data: .tensors(x, y), validation: nil, options: FitOptions())
        #expect(try sessions.makeStatisticsSession(batchSize: 4) == nil)
    }

    @Test func `an interrupted run says that they are averages`() throws {
        var trainer: Trainer?
        let interrupt = LambdaCallback(on: .epochEnd) { context in
            trainer = context.run.trainer
            if context.run.epoch == 3 { context.run.interrupts.request(.stop) }
            return nil
        }
        let (interrupted, remarks) = try train(swa(), [interrupt])
        #expect(remarks.contains { $0.contains("are averages, not computed anew: the run was interrupted") })
        let mean = try weight(interrupted, "bn/moving_mean")
        #expect(mean.allSatisfy(\.isFinite) && trainer === interrupted)
    }

    @Test func `a run that goes on from a checkpoint ends with the same`() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("run.safetensors")
        func run(_ resume: String?, seed: UInt64, _ keeper: CheckpointKeeper) throws -> [Tensor] {
            let trainer = try Trainer(
                Sequential([Dense(4, activation: .tanh), Dropout(0.3), BatchNormalization(), Dense(1)]),
                optimizer: .adam(), loss: MeanSquaredError(), seed: seed)
            trainer.message = { _ in }
            var options = FitOptions()
            (options.epochs, options.batchSize, options.verbose, options.resume) = (3, 20, .silent, resume)
            try trainer.fit(.tensors(x, y), options, callbacks: [swa(), keeper])
            return try trainer.getWeights()
        }
        let keeper = CheckpointKeeper()
        let whole = try run(nil, seed: 1, keeper)
        for checkpoint in keeper.kept {
            try checkpoint.write(to: path)
            #expect(try run(path, seed: 2, CheckpointKeeper()) == whole)
        }
    }
}
