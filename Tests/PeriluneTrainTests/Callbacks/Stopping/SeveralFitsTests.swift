import PeriluneGraph
import Testing

@testable import PeriluneTrain

/// An early stopper in one fit after the other.
struct SeveralFitsTests {
    /// Fits of one epoch each with these scores.
    /// - Returns: how many fits it took until the stopper ended one.
    private func fits(_ scores: [Double], _ stopper: EarlyStopping, engine: FakeEngine? = nil) throws -> Int? {
        let engine = try engine ?? FakeEngine()
        for (index, score) in scores.enumerated() {
            engine.weightsAfter = { _ in Float(index + 1) }
            if try fitWithScores([score], stopper, engine: engine).endReason == .stopped { return index + 1 }
        }
        return nil
    }

    private func stopper(_ patience: Int, across: Bool, restore: Bool = false) throws -> EarlyStopping {
        try EarlyStopping(
            monitor: "score", patience: patience, mode: .min, restoreBestWeights: restore, acrossFits: across)
    }

    @Test func `each fit begins anew unless told otherwise`() throws {
        let stopper = try stopper(2, across: false)
        #expect(try fits([3, 4, 5, 6], stopper) == nil)
        #expect(stopper.monitor.best == 6)
    }

    @Test(arguments: [([3.0, 4, 5, 6], 2, 3), ([3, 2, 4, 1, 5, 6, 7], 2, 6), ([1, 1], 0, 2)])
    func `across fits the best and the patience go on`(scores: [Double], patience: Int, stops: Int) throws {
        #expect(try fits(scores, stopper(patience, across: true)) == stops)
    }

    @Test func `the weights of the best fit come back`() throws {
        let engine = try FakeEngine()
        #expect(try fits([3, 1, 4, 5], stopper(2, across: true, restore: true), engine: engine) == 4)
        #expect(engine.weights == 2)
    }

    @Test func `within one fit there is no difference`() throws {
        for scores in [[3.0, 4, 5, 6], [3, 2, 4, 1, 5, 6, 7], [1, .nan, 1]] {
            let ends = try [false, true].map { across in
                try fitWithScores(scores, stopper(2, across: across), engine: FakeEngine()).epochs.count
            }
            #expect(ends[0] == ends[1])
        }
    }

    @Test func `a resumed fit has what its checkpoint knows`() throws {
        let (keeper, first) = (CheckpointKeeper(), try stopper(9, across: true))
        let engine = try FakeEngine()
        let writer = LambdaCallback(on: .epochEnd) { .log("score", Double(5 - $0.run.epoch)) }
        _ = try makeLoop(engine, [writer, first, keeper], validates: false) { $0.epochs = 2 }.fit()
        let again = try stopper(9, across: true)
        _ = try fits([0.5], again)
        #expect(again.monitor.best == 0.5)
        let last = try #require(keeper.kept.last)
        _ = try makeLoop(FakeEngine(), [writer, again], validates: false) { $0.epochs = 2 }.fit(resuming: last)
        #expect(again.monitor.best == 3 && again.bestEpoch == 2)
    }
}
