import PeriluneLoggers
import PeriluneTestSupport
import Testing

@testable import PeriluneTrain

/// A file with the right checksum may still hold any numbers.
@Suite struct HostileStateTests {
    /// The state with other numbers in the place of all its own.
    private func replaced(_ value: StateValue, _ integer: Int, _ number: Double) -> StateValue {
        switch value {
        case .integer: .integer(integer)
        case .number: .number(number)
        case .list(let values): .list(values.map { replaced($0, integer, number) })
        case .record(let fields): .record(fields.mapValues { replaced($0, integer, number) })
        case .null, .boolean, .text, .bytes, .tensor, .pairs: value
        }
    }

    @Test(arguments: [Int.max, .min, -1, 0], [Double.nan, .infinity, -1e308])
    func `no callback traps on what a checkpoint says, and no rate is out of range`(integer: Int, number: Double) throws
    {
        let folder = try TemporaryFolder()
        var options = ModelCheckpoint.Options()
        (options.every, options.overwrites) = (.steps(1), true)
        let makers: [() throws -> any Callback] = [
            { try EarlyStopping(monitor: "loss", patience: 3, restoreBestWeights: true, every: .steps(1)) },
            { try EarlyStopping(patience: 3) }, { try DivergenceStopper(.factor(2), patience: 9) },
            { try ThresholdStopper(threshold: -1, byEpoch: 9) }, { try ReduceLROnPlateau(patience: 1, cooldown: 1) },
            { try OneCycle(maxLR: 1) }, { try CosineRestarts(first: .epochs(1)) }, { try WarmUp(.epochs(2)) },
            { try HyperparameterScheduler("momentum", every: .steps(2)) { _, value in value ?? 0 } },
            { try SwapEMAWeights() }, { try StochasticWeightAveraging(startEpoch: 1) }, { try KeepBestWeights() },
            { try Rollback() }, { try WeightMonitor(every: .steps(1)) }, { try LRMonitor(every: .steps(1)) },
            { try Sparkline() }, { try CSVLogger(folder.path("log.csv")) },
            { try JSONLogger(folder.path("log.jsonl")) },
            { try ModelCheckpoint(.folder(folder.path("saved"), keepLast: 1, keepBest: 1), options: options) },
        ]
        for make in makers {
            let keeper = CheckpointKeeper()
            let callback = try make()
            _ = try makeLoop(FakeEngine(), [callback, keeper]) { $0.epochs = 2 }.fit()
            for kept in keeper.kept {
                guard case .record(var fields) = kept.state else { continue }
                for name in ["callbacks", "run", "waiting"] {
                    fields[name] = fields[name].map { replaced($0, integer, number) }
                }
                let engine = try FakeEngine()
                let reader = LambdaCallback(on: .trainBatchEnd) { context in
                    let rate = context.run.optimizer.learningRate
                    #expect(rate.isFinite && rate >= 0, "\(callback.name)")
                    return nil
                }
                // An error is fine.
                _ = try? makeLoop(engine, [make(), reader]) { $0.epochs = 4 }.fit(resuming: Checkpoint(.record(fields)))
            }
        }
    }
}
