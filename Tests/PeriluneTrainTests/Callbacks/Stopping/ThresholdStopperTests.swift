import Testing

@testable import PeriluneTrain

@Suite("ThresholdStopper")
struct ThresholdStopperTests {
    struct Vector: CustomTestStringConvertible {
        var scores: [Double?]
        var threshold: Double
        var mode = Monitor.Mode.min
        var byEpoch: Int?
        /// The last epoch, and why it is.
        var last: Int
        var reason: String?
        var testDescription: String { "\(scores) \(mode) \(threshold)" }
    }

    static let vectors = [
        Vector(scores: [3, 2, 1, 0], threshold: 1, last: 3, reason: "score has reached 1.0: 1.0 at epoch 3"),
        Vector(
            scores: [0.5, 0.9, 1], threshold: 0.9, mode: .max, last: 2,
            reason: "score has reached 0.9: "
                + "0.9 at epoch 2"),
        Vector(scores: [3, 2, 2], threshold: 1, last: 3),
        Vector(scores: [3, .nan, 2], threshold: 1, last: 3),
        Vector(
            scores: [3, 2, 2, 2], threshold: 1, byEpoch: 2, last: 2,
            reason: "score has not reached 1.0 by epoch 2; best 2.0"),
        Vector(scores: [3, 1, 2], threshold: 1, byEpoch: 2, last: 2, reason: "score has reached 1.0: 1.0 at epoch 2"),
        Vector(
            scores: [nil, nil, nil], threshold: 1, byEpoch: 2, last: 2, reason: "score has not reached 1.0 by epoch 2"),
    ]

    @Test("Stops where the value is reached, or is not by the epoch", arguments: vectors)
    func decides(_ vector: Vector) throws {
        let stopper = try ThresholdStopper(
            monitor: "score", threshold: vector.threshold, mode: vector.mode, byEpoch: vector.byEpoch)
        for _ in 1...2 {
            let history = try fitWithScores(vector.scores, stopper, engine: FakeEngine())
            #expect(history.epochs.last == vector.last)
            #expect(history.stopReason == vector.reason)
            let isReached = vector.reason?.contains("has reached") == true
            #expect(stopper.report["reached"] == .boolean(isReached))
            #expect(stopper.reachedEpoch == (isReached ? vector.last : 0))
        }
    }

    @Test("A validation within an epoch may reach it, and steps judge the mean of batches")
    func within() throws {
        let engine = try FakeEngine()
        engine.batches = 4
        engine.validationValue = { 1 / Double($0) }
        _ = try makeLoop(engine, [ThresholdStopper(threshold: 0.5)]) {
            ($0.epochs, $0.validationEvery) = (3, .steps(1))
        }.fit()
        #expect(engine.step == 2)
        let other = try FakeEngine()
        other.batches = 9
        other.trainValue = { 10 - Double($1) + Double($0) }
        let history = try makeLoop(
            other, [ThresholdStopper(monitor: "loss", threshold: 6.5, byEpoch: 9, every: .steps(2))], validates: false
        ).fit()
        #expect(history.stopReason == "loss has reached 6.5: 5.5 at step 6")
    }

    @Test("Options out of range and unknown monitors are errors before the first batch")
    func options() throws {
        #expect(
            failure { _ = try ThresholdStopper(threshold: .nan) }
                == "threshold_stopper: 'threshold' must be a finite number, got nan")
        #expect(
            failure { _ = try ThresholdStopper(threshold: 1, byEpoch: 0) }
                == "threshold_stopper: 'by_epoch' must be a whole number of 1 or more, got 0")
        let engine = try FakeEngine()
        let stopper = try ThresholdStopper(monitor: "val_lose", threshold: 1)
        let text = failure { _ = try makeLoop(engine, [stopper]).fit() }
        #expect(text.contains("did you mean 'val_loss'?") && text.contains("threshold_stopper"))
        #expect(engine.step == 0)
    }

    @Test("Resumes exactly")
    func resume() throws {
        try expectExactResume {
            [try ThresholdStopper(monitor: "val_loss", threshold: 0.01, byEpoch: 4)]
        }
    }
}
