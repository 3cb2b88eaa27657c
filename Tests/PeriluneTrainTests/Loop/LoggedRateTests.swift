import PeriluneGraph
import Testing

@testable import PeriluneTrain

/// The logs of what has ended tell the learning rate that the last step used, whatever set it.
@Suite("The logged learning rate")
struct LoggedRateTests {
    /// What a fit told, and the rates that its steps used.
    private struct Told {
        var used: [Double] = []
        var ofBatches: [Double] = []
        var ofEpochs: [Double] = []
        var steps: [StateValue] = []
        var monitored: [Double] = []
    }

    private func fit(
        schedule: (any Schedule)? = nil, _ callbacks: [any Callback] = [], accumulate: Int = 1
    ) throws -> Told {
        let engine = try FakeEngine(learningRate: 1, schedule: schedule)
        engine.batches = 4
        var told = Told()
        engine.weightsAfter = { _ in
            told.used.append(engine.lastLearningRate ?? .nan)
            return 0
        }
        let reader = LambdaCallback([
            .trainBatchEnd: { context in
                if context.run.isStepComplete { told.ofBatches.append(context.logs["lr"] ?? .nan) }
                return nil
            },
            .epochEnd: { context in
                told.ofEpochs.append(context.logs["lr"] ?? .nan)
                return nil
            },
        ])
        let monitor = try LRMonitor(every: .steps(1))
        _ = try makeLoop(engine, callbacks + [reader, monitor], validates: false) {
            ($0.epochs, $0.accumulate) = (3, accumulate)
        }.fit()
        told.steps = monitor.report["steps"]?.list ?? []
        told.monitored = monitor.report["learning_rates"]?.numbers ?? []
        return told
    }

    @Test func `A schedule that changes after an epoch is told when it counts`() throws {
        let told = try fit(schedule: PiecewiseConstantDecay(boundaries: [3], values: [1, 0.5]))
        #expect(told.ofBatches.prefix(5) == [1, 1, 1, 1, 0.5])
        #expect(told.ofEpochs == [1, 0.5, 0.5])
    }

    @Test("Batches, epochs and the monitor tell the rate that the step used", arguments: [1, 2, 3])
    func everyWay(accumulate: Int) throws {
        let ways: [(String, (any Schedule)?, [any Callback])] = [
            ("schedule", try ExponentialDecay(initial: 1, decaySteps: 2, rate: 0.5), []),
            ("warm-up", try ExponentialDecay(initial: 1, decaySteps: 2, rate: 0.5), [try WarmUp(.steps(5), from: 0.1)]),
            ("one cycle", nil, [try OneCycle(maxLR: 2)]),
            (
                "directives", nil,
                [LambdaCallback(on: .trainBatchEnd) { .learningRate(1 / Double(1 + $0.run.step)) }]
            ),
            ("at the epoch's end", nil, [LambdaCallback(on: .epochEnd) { _ in .learningRateScale(0.5) }]),
        ]
        for (name, schedule, callbacks) in ways {
            let told = try fit(schedule: schedule, callbacks, accumulate: accumulate)
            let perEpoch = (4 + accumulate - 1) / accumulate
            #expect(told.used.count == 3 * perEpoch, "\(name)")
            #expect(Set(told.used).count > 1, "\(name)")
            #expect(told.ofBatches == told.used, "\(name)")
            #expect(told.ofEpochs == (1...3).map { told.used[$0 * perEpoch - 1] }, "\(name)")
            #expect(told.monitored == told.used, "\(name)")
            #expect(told.steps == (1...told.used.count).map { .integer($0) }, "\(name)")
        }
    }
}
