import Testing

@testable import PeriluneTrain

@Suite("Plans of the learning rate beside other callbacks")
struct RatePlanTests {
    private static let linear: OneCycle.Options = {
        var options = OneCycle.Options()
        (options.anneal, options.pctStart, options.divFactor, options.finalDivFactor) = (.linear, 0.5, 10, 100)
        return options
    }()

    /// The rates of the first steps of each epoch, with so many batches in each.
    private func rates(
        _ callbacks: [any Callback], batches: [Int], _ change: (inout FitOptions) -> Void = { _ in }
    ) throws -> [[Double]] {
        let engine = try FakeEngine(learningRate: 1)
        engine.batches = batches[0]
        var rates = batches.map { _ in [Double]() }
        let reader = LambdaCallback(on: .trainBatchBegin) { context in
            rates[context.run.epoch - 1].append(context.run.optimizer.learningRate)
            return nil
        }
        // Another batch size makes a session of another length.
        let resizer = LambdaCallback(on: .epochEnd) { context in
            guard context.run.epoch < batches.count, batches[context.run.epoch] != engine.batches else { return nil }
            engine.batches = batches[context.run.epoch]
            return .batchSize(context.run.params.batchSize + 1)
        }
        _ = try makeLoop(engine, callbacks + [resizer, reader], validates: false) {
            $0.epochs = batches.count
            change(&$0)
        }.fit()
        return rates
    }

    @Test("A cycle over the run ends with it, also where later epochs have fewer steps, or more")
    func changingEpochs() throws {
        let even = try rates([OneCycle(maxLR: 1, options: Self.linear)], batches: [4, 4, 4, 4])
        let fewer = try rates([OneCycle(maxLR: 1, options: Self.linear)], batches: [4, 4, 2, 1])
        #expect(fewer[0] == even[0] && fewer[1] == even[1])
        #expect(agree(fewer[2], [even[2][0], even[2][2]]))
        #expect(agree(fewer[3], [even[3][0]]))
        let more = try rates([OneCycle(maxLR: 1, options: Self.linear)], batches: [4, 8, 4, 4])
        #expect(agree(stride(from: 0, to: 8, by: 2).map { more[1][$0] }, even[1]))
        #expect(agree(more[3], even[3]))
    }

    @Test("A warm-up and restarts over epochs go by the epochs, too")
    func otherPlans() throws {
        #expect(
            agree(
                try rates([WarmUp(.epochs(2))], batches: [4, 2, 2]).flatMap(\.self),
                [
                    0, 0.125, 0.25, 0.375, 0.5, 0.75, 1, 1,
                ]))
        let restarts = try rates([CosineRestarts(first: .epochs(1), tMul: 1)], batches: [4, 2, 4])
        #expect(restarts.allSatisfy { $0[0] == 1 })
        #expect(agree([restarts[1][1]], [restarts[0][2]]))
    }

    @Test("A run that begins at a later epoch has a whole cycle")
    func initialEpoch() throws {
        let whole = try rates([OneCycle(maxLR: 1, options: Self.linear)], batches: [4, 4])
        let later = try rates([OneCycle(maxLR: 1, options: Self.linear)], batches: [4, 4, 4, 4, 4]) {
            $0.initialEpoch = 3
        }
        #expect(Array(later.suffix(2)) == whole)
    }

    @Test("What a plateau, a directive and a rollback do to the rate holds for the rest of the plan")
    func scaled() throws {
        let plans: [() throws -> any Callback] = [
            { try OneCycle(maxLR: 1, options: Self.linear) }, { try CosineRestarts(first: .steps(5)) },
        ]
        for plan in plans {
            let alone = try rates([plan()], batches: [3, 3, 3]).flatMap(\.self)
            let plateau = try ReduceLROnPlateau(monitor: "loss", factor: 0.5, patience: 1)
            let lowered = try rates([plan(), plateau], batches: [3, 3, 3]).flatMap(\.self)
            // The second epoch is no better than the first.
            #expect(agree(lowered, zip(alone, [1, 1, 1, 1, 1, 1, 0.5, 0.5, 0.5]).map { $0 * $1 }), "\(lowered)")
            let halving = LambdaCallback(on: .trainBatchEnd) { context in
                context.run.step == 4 ? .learningRateScale(0.5) : nil
            }
            let halved = try rates([halving, plan()], batches: [3, 3, 3]).flatMap(\.self)
            #expect(agree(halved, zip(alone, [1, 1, 1, 1, 0.5, 0.5, 0.5, 0.5, 0.5]).map { $0 * $1 }), "\(halved)")
        }
    }

    @Test("Two plans for the rate of each step are an error before the first batch")
    func two() throws {
        let engine = try FakeEngine()
        let message = failure {
            _ = try makeLoop(engine, [OneCycle(maxLR: 1), CosineRestarts(first: .steps(5))]).fit()
        }
        #expect(message.hasPrefix("one_cycle: 'cosine_restarts' sets the rate of each step already; only one can"))
        #expect(engine.calls.isEmpty)
    }

    @Test("Resumes exactly where a plateau lowers a cycle and the batches grow")
    func resume() throws {
        // Each boundary: the one after an epoch's last batch is before the logs of its end.
        try expectExactResume(stride: 1) {
            [
                try OneCycle(maxLR: 0.3), try BatchSizeSchedule([2: 40]), try GradientAccumulationSchedule([4: 2]),
                try WarmUp(.epochs(3)), try ReduceLROnPlateau(monitor: "loss", factor: 0.5, patience: 1, minDelta: 0.5),
            ]
        }
    }
}
