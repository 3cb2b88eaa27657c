import Foundation
import PeriluneNN
import PeriluneTestSupport
import Testing

@testable import PeriluneTrain

/// What NaN and infinity do to everything that ranks or compares measured numbers.
@Suite("Numbers that are none, in orderings")
struct NotANumberTests {
    private static let faults: [Double] = [.nan, -.nan, .infinity, -.infinity]

    /// Sequences of scores with each fault in each place, alone and twice.
    static let sequences: [[Double]] = {
        let sound = [3.0, 2.0, 2.5, 2.0, 4.0]
        var all = [sound, [3, 2, .nan, .nan, .nan], Array(repeating: .nan, count: 5)]
        for fault in faults {
            for index in sound.indices {
                var one = sound
                one[index] = fault
                all.append(one)
                one[(index + 2) % sound.count] = .nan
                all.append(one)
            }
        }
        return all
    }()

    /// The first epoch with the best score, from 1, found by looking at every pair; nil where there is no number.
    private func bestEpoch(_ scores: [Double], _ mode: MetricDirection) -> Int? {
        let numbers = scores.indices.filter { !scores[$0].isNaN }
        let best = numbers.filter { index in
            numbers.allSatisfy { mode == .minimize ? scores[index] <= scores[$0] : scores[index] >= scores[$0] }
        }
        return best.first.map { $0 + 1 }
    }

    private func run(
        _ callbacks: [any Callback], _ scores: [Double], _ change: (Recorder) -> Void = { _ in }
    ) throws -> FakeEngine {
        let engine = try FakeEngine()
        let scorer = Recorder("scorer")
        scorer.action = { context in
            if context.event == .epochEnd { context.logs["score"] = scores[context.run.epoch - 1] }
            return nil
        }
        change(scorer)
        _ = try makeLoop(engine, [scorer] + callbacks, validates: false) { $0.epochs = scores.count }.fit()
        return engine
    }

    @Test("The best checkpoint stays whatever follows it, and can be gone back to")
    func theCase() throws {
        let folder = try TemporaryFolder()
        let saver = try ModelCheckpoint(
            .folder(folder.path("a"), keepLast: 2, keepBest: 1), monitor: "score", mode: .min)
        let restorer = Recorder("restorer")
        restorer.action = { context in
            guard context.event == .checkpoint, context.run.epoch == 5 else { return nil }
            return .restore(.best)
        }
        let engine = try run([saver, restorer], [3, 2, .nan, .nan, .nan])
        // Two steps an epoch.
        #expect(saver.files.map(\.epoch) == [2, 4, 5])
        #expect(CheckpointFolder(folder.path("a")).steps == [4, 8, 10])
        #expect(engine.weights == 2)
    }

    @Test(
        "Checkpoints kept are the last and the best ones", arguments: sequences, [MetricDirection.minimize, .maximize])
    func filesKept(scores: [Double], mode: MetricDirection) throws {
        let folder = try TemporaryFolder()
        let saver = try ModelCheckpoint(
            .folder(folder.path("a"), keepLast: 1, keepBest: 1), monitor: "score",
            mode: mode == .minimize ? .min : .max)
        _ = try run([saver], scores)
        let best = bestEpoch(scores, mode)
        let bestScore = best.map { scores[$0 - 1] }
        let kept = saver.files.map(\.epoch)
        #expect(kept.last == scores.count)
        #expect(kept.count == (best == nil || bestScore == scores.last ? 1 : 2))
        #expect(kept.first.map { scores[$0 - 1] } == bestScore || best == nil)
        #expect(saver.path(of: .best) == (best == nil ? nil : saver.files.first?.path))
        #expect(CheckpointFolder(folder.path("a")).steps == kept.map { $0 * 2 })
    }

    @Test(
        "Those that keep the best weights end with them", arguments: sequences, [MetricDirection.minimize, .maximize])
    func bestWeights(scores: [Double], mode: MetricDirection) throws {
        let way = mode == .minimize ? Monitor.Mode.min : .max
        let best = bestEpoch(scores, mode)
        let expected = Float(best ?? scores.count)
        let keeper = try KeepBestWeights(monitor: "score", mode: way)
        #expect(try run([keeper], scores).weights == expected)
        #expect(keeper.bestEpoch == best ?? 0)
        let stopper = try EarlyStopping(monitor: "score", patience: 100, mode: way, restoreBestWeights: true)
        #expect(try run([stopper], scores).weights == expected)
        #expect(stopper.bestEpoch == best ?? 0)
        #expect(stopper.monitor.best == best.map { scores[$0 - 1] })
    }

    @Test("Patience counts what is no number as no improvement", arguments: sequences)
    func patience(scores: [Double]) throws {
        var (best, wait) = (Double?.none, 0)
        var stopped: Int?
        var reductions = 0
        var plateauWait = 0
        for (index, score) in scores.enumerated() {
            let isBetter = !score.isNaN && best.map { score < $0 } ?? true
            if isBetter { best = score }
            wait = isBetter ? 0 : wait + 1
            plateauWait = isBetter ? 0 : plateauWait + 1
            if plateauWait == 2 { (plateauWait, reductions) = (0, reductions + 1) }
            if wait >= 2, stopped == nil { stopped = index + 1 }
        }
        let stopper = try EarlyStopping(monitor: "score", patience: 2, mode: .min)
        _ = try run([stopper], scores)
        #expect(stopper.stoppedEpoch == stopped ?? 0)
        let plateau = try ReduceLROnPlateau(monitor: "score", factor: 0.5, patience: 2, mode: .min, minDelta: 0)
        let engine = try run([plateau], scores)
        var rate = 0.1
        for _ in 0..<reductions { rate *= 0.5 }
        #expect(abs(engine.optimizer.learningRate - rate) < 1e-12)
    }

    @Test("NaN reaches no goal; what is not finite has diverged", arguments: sequences)
    func goals(scores: [Double]) throws {
        let reached = scores.firstIndex { !$0.isNaN && $0 <= 2 }.map { $0 + 1 }
        let goal = try ThresholdStopper(monitor: "score", threshold: 2, mode: .min)
        _ = try run([goal], scores)
        #expect(goal.reachedEpoch == reached ?? 0)
        let fault = scores.firstIndex { !$0.isFinite }.map { $0 + 1 }
        let divergence = try DivergenceStopper(monitor: "score", .factor(10), mode: .min)
        _ = try run([divergence], scores)
        #expect(divergence.stoppedEpoch == fault ?? 0)
    }

    @Test("A range test looks at numbers alone", arguments: faults, 0..<6)
    func rangeTest(fault: Double, place: Int) {
        var sweep = LearningRateSweep()
        var losses = [4.0, 3, 2, 1, 0.9, 0.8]
        losses[place] = fault
        for (index, loss) in losses.enumerated() { sweep.add(rate: Double(index + 1), loss: loss, smoothing: 0) }
        // The average of losses is no number any more from the fault on.
        #expect(sweep.minimum == losses.indices.prefix(place).last)
        #expect(sweep.suggestion.map { losses[Int($0) - 1].isFinite } ?? true)
        #expect(sweep.steepest.map { losses[$0 - 1].isFinite && losses[$0 + 1].isFinite } ?? true)
    }

    @Test("A rollback never goes back to what is no number", arguments: faults, 1...4)
    func rollback(fault: Double, place: Int) throws {
        let engine = try FakeEngine()
        engine.batches = 4
        engine.weightsAfter = { Float($0) }
        engine.trainValue = { _, batch in batch == place ? fault : 1 }
        var options = Rollback.Options()
        (options.every, options.maxTimes) = (.steps(1), 5)
        let rescue = try Rollback(options)
        _ = try makeLoop(engine, [rescue], validates: false) { $0.epochs = 1 }.fit()
        #expect(rescue.returns.map(\.batch) == [place])
        // The state before the batch that came before the fault has proven good.
        #expect(rescue.returns.map(\.step) == [max(0, place - 2)])
    }

    @Test("The order of measured numbers", arguments: [MetricDirection.minimize, .maximize])
    func order(direction: MetricDirection) {
        let numbers: [Double] = [.nan, 2, -.infinity, 1, .infinity, 1, .nan]
        let best = direction.best(10, of: Array(numbers.indices)) { numbers[$0] }
        #expect(best == (direction == .minimize ? [2, 3, 5, 1, 4] : [4, 1, 3, 5, 2]))
        for value in numbers {
            #expect(!direction.isBetter(.nan, than: value))
            #expect(!direction.reaches(.nan, value))
            #expect(!direction.reaches(value, .nan))
            #expect(direction.isBetter(value, than: .nan) == !value.isNaN)
            #expect(direction.isBetter(value, than: nil) == !value.isNaN)
        }
    }
}
