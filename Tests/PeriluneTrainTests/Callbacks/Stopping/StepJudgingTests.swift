import Testing

@testable import PeriluneTrain

/// Monitors that are judged every few steps, on the mean of the batches since.
@Suite("Judging by steps")
struct StepJudgingTests {
    /// A fit whose batches have these losses, `batches` an epoch.
    private func fit(
        _ losses: [Double], batches: Int, accumulate: Int = 1, _ callback: any Callback, engine: FakeEngine? = nil
    ) throws -> (history: History, engine: FakeEngine) {
        let engine = try engine ?? FakeEngine()
        engine.batches = batches
        engine.trainValue = { epoch, batch in losses[(epoch - 1) * batches + batch - 1] }
        let history = try makeLoop(engine, [callback], validates: false) {
            ($0.epochs, $0.accumulate) = (losses.count / batches, accumulate)
        }.fit()
        return (history, engine)
    }

    @Test("Early stopping judges the mean of each window, within an epoch and across epochs")
    func early() throws {
        // Means of two: 3, 2, 2.5, 2.5, 9. The windows of two do not fit the epochs of five.
        let losses = [4, 2, 3, 1, 2, 3, 1, 4, 9, 9.0]
        let stopper = try EarlyStopping(monitor: "loss", patience: 2, every: .steps(2))
        let (history, engine) = try fit(losses, batches: 5, stopper)
        #expect((stopper.bestStep, stopper.bestEpoch, stopper.monitor.best) == (4, 1, 2))
        #expect((stopper.stoppedStep, stopper.stoppedEpoch, stopper.wait) == (8, 2, 2))
        #expect(engine.step == 8)
        #expect(history.stopReason == "loss has not improved for 4 steps; best 2.0 at step 4")
        // The object serves a second fit as a new one would; steps count on.
        let again = try fit(losses, batches: 5, stopper, engine: engine)
        #expect(again.history.stopReason == "loss has not improved for 4 steps; best 2.0 at step 12")
    }

    @Test("One judgement is no basis for a decision, also where it is NaN")
    func first() throws {
        let stopper = try EarlyStopping(monitor: "loss", patience: 0, every: .steps(1))
        #expect(try fit([.nan, 1, 2, 3], batches: 4, stopper).engine.step == 3)
        #expect(try fit([.nan, .nan, 2, 3], batches: 4, stopper).engine.step == 2)
    }

    @Test("Batches that make one update together count as one step")
    func accumulated() throws {
        let stopper = try EarlyStopping(monitor: "loss", patience: 1, every: .steps(1))
        let (_, engine) = try fit([3, 1, 2, 1, 4, 2, 0, 0], batches: 8, accumulate: 2, stopper)
        #expect(engine.step == 3)
        #expect(stopper.monitor.best == 1.5)
    }

    @Test("A quantity of validation is judged at each validation, whatever the steps")
    func validation() throws {
        let engine = try FakeEngine()
        engine.validationValue = { [1, 0.5, 0.6, 0.7, 0.1][min($0, 5) - 1] }
        let stopper = try EarlyStopping(monitor: "val_loss", patience: 2, every: .steps(1))
        let history = try makeLoop(engine, [stopper]) { $0.epochs = 9 }.fit()
        #expect(stopper.stoppedEpoch == 4)
        #expect(history.stopReason == "val_loss has not improved for 2 validations; best 0.5 in epoch 2")
    }

    @Test("Each n-th epoch")
    func epochs() throws {
        let engine = try FakeEngine()
        engine.trainValue = { epoch, _ in Double(epoch == 2 ? 1 : epoch) }
        let stopper = try EarlyStopping(monitor: "loss", patience: 2, every: .epochs(2))
        let history = try makeLoop(engine, [stopper], validates: false) { $0.epochs = 20 }.fit()
        #expect(history.stopReason == "loss has not improved for 4 epochs; best 1.0 in epoch 2")
    }

    @Test("Nobody listens to batches unless steps were asked for")
    func costs() throws {
        #expect(try !EarlyStopping(monitor: "loss").events.contains(.trainBatchEnd))
        #expect(try !EarlyStopping(monitor: "val_loss", every: .steps(5)).events.contains(.trainBatchEnd))
        #expect(try EarlyStopping(monitor: "loss", every: .steps(5)).events.contains(.trainBatchEnd))
        #expect(try !DivergenceStopper(.factor(2)).events.contains(.trainBatchEnd))
    }

    @Test("Seconds, and numbers below 1, are refused")
    func options() {
        #expect(
            failure { _ = try EarlyStopping(every: .seconds(3)) }
                == "early_stopping: 'every' must be epochs or { steps = n }, got seconds")
        #expect(
            failure { _ = try ThresholdStopper(threshold: 1, every: .steps(0)) }
                == "threshold_stopper: 'every' must be a whole number of 1 or more, got 0")
    }

    @Test("Resumed within a window, a run ends as if it had never stopped")
    func resume() throws {
        try expectExactResume(stride: 2, options: { $0.accumulate = 2 }) {
            [
                try EarlyStopping(
                    monitor: "loss", minDelta: 0.2, patience: 2, restoreBestWeights: true, every: .steps(3)),
                try DivergenceStopper(monitor: "accuracy", .threshold(0.9), patience: 100, every: .steps(2)),
            ]
        }
    }
}
