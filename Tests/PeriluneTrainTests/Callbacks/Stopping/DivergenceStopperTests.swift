import Testing

@testable import PeriluneTrain

@Suite("DivergenceStopper")
struct DivergenceStopperTests {
    struct Vector: CustomTestStringConvertible {
        var scores: [Double?]
        var limit: DivergenceStopper.Limit
        var patience = 1
        var mode = Monitor.Mode.min
        /// The epoch that stops; nil: none.
        var stops: Int?
        var testDescription: String { "\(scores) \(limit) patience \(patience)" }
    }

    static let vectors = [
        Vector(scores: [2, 1, 2, 2.1], limit: .factor(2), stops: 4),
        Vector(scores: [2, 1, 3, 1, 3, 3], limit: .factor(2), patience: 2, stops: 6),
        Vector(scores: [2, 1, 3, nil, 3], limit: .factor(2), patience: 2, stops: 5),
        // The best of below 0: beyond it by its own size.
        Vector(scores: [-4, -1, 0, 0.1], limit: .factor(2), stops: 4),
        Vector(scores: [0.8, 0.9, 0.5, 0.4], limit: .factor(2), mode: .max, stops: 4),
        Vector(scores: [1, 5, 5.1], limit: .threshold(5), stops: 3),
        Vector(scores: [0.9, 0.2, 0.1], limit: .threshold(0.2), mode: .max, stops: 3),
        Vector(scores: [1, .nan], limit: .factor(2), stops: 2),
        Vector(scores: [.infinity, .infinity], limit: .factor(2), patience: 2, stops: 2),
        // An infinity the better way is no best.
        Vector(scores: [-.infinity, 1, 1.5], limit: .factor(2), patience: 2),
        Vector(scores: [1, 0.5, 0.9], limit: .factor(2)),
    ]

    @Test("Stops where the quantity has run away", arguments: vectors)
    func decides(_ vector: Vector) throws {
        let stopper = try DivergenceStopper(
            monitor: "score", vector.limit, patience: vector.patience, mode: vector.mode)
        for _ in 1...2 {
            let history = try fitWithScores(vector.scores, stopper, engine: FakeEngine())
            #expect(stopper.stoppedEpoch == vector.stops ?? 0)
            #expect(history.epochs.count == vector.stops ?? vector.scores.count)
        }
    }

    @Test("Says how far it went")
    func reason() throws {
        let history = try fitWithScores(
            [1, 9], DivergenceStopper(monitor: "score", .factor(3), mode: .min), engine: FakeEngine())
        #expect(history.stopReason == "score has diverged: 9.0 is beyond 3.0 at epoch 2")
    }

    @Test("Options out of range are refused")
    func options() {
        #expect(
            failure { _ = try DivergenceStopper(.factor(1)) }
                == "divergence_stopper: 'factor' must be a finite number above 1, got 1.0")
        #expect(
            failure { _ = try DivergenceStopper(.threshold(.infinity)) }
                == "divergence_stopper: 'threshold' must be a finite number, got inf")
        #expect(
            failure { _ = try DivergenceStopper(.factor(2), patience: -1) }
                == "divergence_stopper: 'patience' must be a whole number of 0 or more, got -1")
    }

    @Test("Resumes exactly")
    func resume() throws {
        try expectExactResume(optimizer: { try .sgd(learningRate: 20) }) {
            [try DivergenceStopper(.factor(1.0001), patience: 3)]
        }
    }
}
