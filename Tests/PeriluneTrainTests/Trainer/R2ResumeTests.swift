import PeriluneData
import PeriluneGraph
import PeriluneNN
import PeriluneTestSupport
import Testing

@testable import PeriluneTrain

/// The moments of `r2_score`, which are no sums, through fits.
struct R2ResumeTests {
    private let x = testTensor([50, 2], seed: 1)

    /// Far from 0, where sums of squares leave nothing.
    private func data() throws -> Dataset {
        try .tensors(x, Tensor((0..<50).map { 1e4 + x.floats[2 * $0] }, shape: [50, 1]))
    }

    private func trainer(_ rate: Double = 0) throws -> Trainer {
        let trainer = try Trainer(
            Sequential([Dense(1)]), optimizer: .sgd(learningRate: rate), loss: MeanSquaredError(),
            metrics: [R2Score()], weightedMetrics: [R2Score()], seed: 1)
        trainer.message = { _ in }
        try trainer.state.build([TensorSpec([2])])
        try trainer.setWeights([Tensor([0.8, 0.1] as [Float], shape: [2, 1]), Tensor([1e4] as [Float], shape: [1])])
        return trainer
    }

    /// In one go, from the predictions.
    private func expected(_ trainer: Trainer, _ data: Dataset) throws -> Double {
        let (y, p) = (try data.target().floats.map(Double.init), try trainer.predict(data)[0].floats.map(Double.init))
        let mean = y.reduce(0, +) / Double(y.count)
        let errors = zip(y, p).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
        return 1 - errors / y.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    }

    @Test(arguments: [1, 7, 50]) func `training, validation and evaluation agree for all batch sizes`(
        batch: Int
    ) throws {
        let (trainer, data) = (try trainer(), try data())
        let value = try expected(trainer, data)
        #expect(value > 0.5 && value < 1)
        let history = try trainer.fit(data, epochs: 2, batchSize: batch, validation: data, verbose: .silent)
        for found in (history["r2_score"] ?? []) + (history["val_r2_score"] ?? []) {
            #expect(abs(found - value) < 1e-4)
        }
        #expect(history["r2_score"]?.count == 2)
        #expect(abs(try #require(trainer.evaluate(data, batchSize: batch)["r2_score"]) - value) < 1e-4)
        // A second fit begins with no moments.
        let again = try trainer.fit(data, epochs: 1, batchSize: batch, verbose: .silent)
        #expect(abs(try #require(again["r2_score"]?.last) - value) < 1e-4)
    }

    @Test func `a run goes on exactly from within an epoch`() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("run.safetensors")
        func run(_ resume: String?) throws -> (ResumeOutcome, [Checkpoint]) {
            let trainer = try trainer(1e-4)
            let keeper = CheckpointKeeper()
            var options = FitOptions()
            (options.epochs, options.batchSize, options.verbose, options.resume) = (3, 12, .silent, resume)
            let history = try trainer.fit(data(), options, callbacks: [keeper])
            return (try ResumeOutcome(trainer, history, []), keeper.kept)
        }
        let whole = try run(nil)
        #expect(whole.0.columns["r2_score"]?.count == 3)
        for checkpoint in whole.1 {
            try checkpoint.write(to: path)
            #expect(try run(path).0 == whole.0)
        }
    }
}
