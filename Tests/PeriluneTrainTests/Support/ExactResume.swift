import PeriluneData
import PeriluneGraph
import PeriluneNN
import PeriluneTestSupport
import Testing

@testable import PeriluneTrain

/// Trains a small model with these callbacks, goes on from a checkpoint of every n-th boundary of that run, and expects
/// each time the same weights, history, states and end, bit for bit.
///
/// - Parameters:
///   - stride: which checkpoints are tried: each n-th.
///   - callbacks: makes them anew for each run.
func expectExactResume(
    stride: Int = 3, optimizer: () throws -> Optimizer = { try .sgd(learningRate: 0.1, momentum: 0.9) },
    options change: (inout FitOptions) -> Void = { _ in }, _ callbacks: () throws -> [any Callback],
    at place: SourceLocation = #_sourceLocation
) throws {
    let folder = try TemporaryFolder()
    let path = folder.path("run.safetensors")
    func train(seed: UInt64, resume: String?) throws -> (outcome: ResumeOutcome, kept: [Checkpoint]) {
        let trainer = try Trainer(
            Sequential([Dense(16, activation: .tanh, name: "first"), Dropout(0.2), Dense(10)]),
            optimizer: optimizer(), loss: SparseCategoricalCrossentropy(), metrics: [Accuracy()], seed: seed)
        trainer.message = { _ in }
        let (data, validation) = try Dataset.digits().take(150).split(0.8)
        var options = FitOptions()
        (options.epochs, options.batchSize, options.verbose, options.resume) = (5, 24, .silent, resume)
        change(&options)
        let keeper = CheckpointKeeper()
        let all = try callbacks() + [keeper]
        let history = try trainer.fit(data, options, validation: validation, callbacks: all)
        let outcome = try ResumeOutcome(trainer, history, all)
        return (outcome, keeper.kept)
    }
    let whole = try train(seed: 5, resume: nil)
    #expect(whole.kept.count > stride, sourceLocation: place)
    for (index, checkpoint) in whole.kept.enumerated() where index % stride == 0 || index == whole.kept.count - 1 {
        try checkpoint.write(to: path)
        let resumed = try train(seed: 99, resume: path).outcome
        let isSame = resumed == whole.outcome
        #expect(isSame, "checkpoint \(index + 1) of \(whole.kept.count)", sourceLocation: place)
    }
}

/// The message of the error that `body` throws.
func failure(_ body: () throws -> Void) -> String {
    do {
        try body()
        return "nothing was thrown"
    } catch {
        return "\(error)"
    }
}
