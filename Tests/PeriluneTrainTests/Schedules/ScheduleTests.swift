import Testing

@testable import PeriluneTrain

@Suite("Schedules")
struct ScheduleTests {
    /// Worked out by hand from Keras's formulae.
    @Test("Values follow Keras's formulae")
    func values() throws {
        let cases: [(any Schedule, [(Int, Double)])] = try [
            (ConstantSchedule(0.3), [(0, 0.3), (100, 0.3)]),
            (
                PiecewiseConstantDecay(boundaries: [2, 5], values: [1, 0.5, 0.1]),
                [(0, 1), (2, 1), (3, 0.5), (5, 0.5), (6, 0.1)]
            ),
            (ExponentialDecay(initial: 1, decaySteps: 2, rate: 0.25), [(0, 1), (1, 0.5), (2, 0.25), (3, 0.125)]),
            (
                ExponentialDecay(initial: 1, decaySteps: 2, rate: 0.25, staircase: true),
                [(0, 1), (1, 1), (2, 0.25), (3, 0.25)]
            ),
            (InverseTimeDecay(initial: 1, decaySteps: 2, rate: 0.5), [(0, 1), (1, 0.8), (2, 2.0 / 3), (4, 0.5)]),
            (
                InverseTimeDecay(initial: 1, decaySteps: 2, rate: 0.5, staircase: true),
                [(0, 1), (1, 1), (2, 2.0 / 3), (3, 2.0 / 3)]
            ),
            (PolynomialDecay(initial: 1, decaySteps: 4, end: 0, power: 2), [(0, 1), (2, 0.25), (4, 0), (9, 0)]),
            (PolynomialDecay(initial: 1, decaySteps: 4, end: 0, cycle: true), [(0, 1), (4, 0), (6, 0.25), (8, 0)]),
            (CosineDecay(initial: 1, decaySteps: 10), [(0, 1), (5, 0.5), (10, 0), (20, 0)]),
            (CosineDecay(initial: 1, decaySteps: 10, alpha: 0.2), [(5, 0.6), (10, 0.2)]),
            (
                CosineDecay(initial: 0, decaySteps: 10, warmupTarget: 2, warmupSteps: 4),
                [(0, 0), (1, 0.5), (3, 1.5), (4, 2), (9, 1), (14, 0)]
            ),
        ]
        for (schedule, points) in cases {
            for (step, value) in points {
                #expect(abs(schedule.value(at: step) - value) < 1e-12, "\(schedule) at \(step)")
            }
        }
    }

    @Test("Values out of range are refused")
    func refusals() {
        #expect(throws: TrainingError.self) { try ConstantSchedule(-1) }
        #expect(throws: TrainingError.self) { try PiecewiseConstantDecay(boundaries: [1], values: [1]) }
        #expect(throws: TrainingError.self) { try PiecewiseConstantDecay(boundaries: [2, 1], values: [1, 1, 1]) }
        #expect(throws: TrainingError.self) { try ExponentialDecay(initial: 1, decaySteps: 0, rate: 0.5) }
        #expect(throws: TrainingError.self) { try InverseTimeDecay(initial: 1, decaySteps: 1, rate: -0.5) }
        #expect(throws: TrainingError.self) { try PolynomialDecay(initial: 1, decaySteps: 1, power: .nan) }
        #expect(throws: TrainingError.self) { try CosineDecay(initial: 1, decaySteps: 1, warmupSteps: -1) }
    }
}
