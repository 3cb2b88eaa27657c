import Testing

@testable import PeriluneTrain

@Suite("TimeBudget")
struct TimeBudgetTests {
    @Test("Ends the run after the batch in which the time is up, with validation and the end of the epoch")
    func stops() throws {
        let engine = try FakeEngine()
        engine.batches = 1_000_000
        let recorder = Recorder()
        recorder.events = [.testEnd, .epochEnd, .trainEnd]
        let history = try makeLoop(engine, [TimeBudget(0.02), recorder]) { $0.epochs = 1000 }.fit()
        #expect(history.endReason == .stopped)
        #expect(history.stopReason == "the time is up: the budget was 0.0s")
        #expect(recorder.trace.suffix(3).map { $0.prefix(8) } == ["test_end", "epoch_en", "train_en"])
        #expect(engine.step >= 1)
    }

    @Test("A run within its budget is left alone, and times out of range are refused")
    func within() throws {
        let budget = try TimeBudget(1e6)
        #expect(try makeLoop(FakeEngine(), [budget]) { $0.epochs = 3 }.fit().endReason == .finished)
        #expect(budget.report["spent"] == false)
        #expect(
            failure { _ = try TimeBudget(0) } == "time_budget: 'seconds' must be a finite number above 0, got 0.0")
        #expect(throws: TrainingError.self) { try TimeBudget(.infinity) }
    }

    /// A run of 4 epochs that goes on from `checkpoint`.
    private func resume(
        _ checkpoint: Checkpoint, _ budget: TimeBudget, epochs: Int = 4
    ) throws -> (History, FakeEngine) {
        let engine = try FakeEngine()
        let history = try makeLoop(engine, [budget]) { $0.epochs = epochs }.fit(resuming: checkpoint)
        return (history, engine)
    }

    @Test("Time before the checkpoint counts; a larger budget lets the run go on")
    func resumed() throws {
        let keeper = CheckpointKeeper()
        let wait = LambdaCallback(on: .trainBatchEnd) { context in
            while context.run.epoch == 2, context.run.elapsed < 0.05 {}
            return nil
        }
        _ = try makeLoop(FakeEngine(), [wait, TimeBudget(0.05), keeper]) { $0.epochs = 4 }.fit()
        let last = try #require(keeper.kept.last)
        // Epoch 2 ended early and is done; with the same budget nothing is left.
        let (same, idle) = try resume(last, TimeBudget(0.05))
        #expect(idle.calls.filter { $0 == "step" }.isEmpty)
        #expect(same.endReason == .stopped && same.epochs == [1, 2])
        let (more, engine) = try resume(last, TimeBudget(1e6))
        #expect(more.endReason == .finished && more.epochs == [1, 2, 3, 4])
        #expect(engine.calls.filter { $0 == "step" }.count == 4)
        // More epochs do not lengthen the time.
        #expect(try resume(last, TimeBudget(0.05), epochs: 9).0.epochs == [1, 2])
    }
}
