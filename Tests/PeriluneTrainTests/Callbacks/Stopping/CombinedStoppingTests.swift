import Testing

@testable import PeriluneTrain

@Suite("any and all")
struct CombinedStoppingTests {
    /// Wants to stop at the end of one epoch, and sees each.
    private final class Wisher: Callback {
        let name: String
        let epoch: Int
        let asksRun: Bool
        var seen: [Int] = []
        init(_ name: String, _ epoch: Int, asksRun: Bool = false) {
            (self.name, self.epoch, self.asksRun) = (name, epoch, asksRun)
        }
        var events: EventSet { [.epochEnd] }
        func prepare(for run: Run) { seen = [] }
        func onEpochEnd(_ epoch: Int, _ logs: Logs, _ run: Run) -> Directive? {
            seen.append(epoch)
            guard epoch == self.epoch else { return nil }
            if asksRun { run.stop("\(name) asked") }
            return asksRun ? nil : .stop("\(name) in \(epoch)")
        }
    }

    private func fit(_ rule: CombinedStopping.Rule, _ inner: [any Callback]) throws -> History {
        try makeLoop(FakeEngine(), [CombinedStopping(rule, inner)]) { $0.epochs = 9 }.fit()
    }

    @Test("any stops at the first wish, all at the last; wishes are remembered")
    func rules() throws {
        let (a, b) = (Wisher("a", 5), Wisher("b", 2))
        let first = try fit(.any, [a, b])
        #expect(first.epochs.count == 2 && first.stopReason == "b in 2")
        let last = try fit(.all, [a, b])
        #expect(last.epochs.count == 5 && last.stopReason == "a in 5; b in 2")
        #expect(b.seen == [1, 2, 3, 4, 5])
        #expect(try fit(.all, [a, Wisher("never", 99)]).endReason == .finished)
    }

    @Test("A callback that asks the run itself makes a wish, too")
    func asking() throws {
        let history = try fit(.all, [Wisher("a", 2, asksRun: true), Wisher("b", 4)])
        #expect(history.epochs.count == 4 && history.stopReason == "a asked; b in 4")
    }

    @Test("They nest, and the second fit remembers nothing of the first")
    func nesting() throws {
        let nested = try CombinedStopping(
            .all, [Wisher("a", 2), CombinedStopping(.any, [Wisher("b", 6), Wisher("c", 3)])])
        for _ in 1...2 {
            let history = try makeLoop(FakeEngine(), [nested]) { $0.epochs = 9 }.fit()
            #expect(history.epochs.count == 3 && history.stopReason == "a in 2; c in 3")
        }
        #expect(nested.stoppers == ["a", "any"])
    }

    @Test("What else they want is done, and seen by the next one")
    func directives() throws {
        let engine = try FakeEngine(learningRate: 1)
        var seen: Double?
        let writer = LambdaCallback(name: "writer", on: .epochEnd) { _ in
            [.scaleLearningRate(0.5), .log("score", 7), .stop("wished")]
        }
        let reader = LambdaCallback(on: .epochEnd) { context in
            seen = context.logs["score"]
            return nil
        }
        let history = try makeLoop(engine, [CombinedStopping(.all, [writer, reader])]) { $0.epochs = 2 }.fit()
        #expect(history.endReason == .finished)
        #expect(engine.optimizer.learningRate == 0.25)
        #expect(seen == 7 && history["score"] == [7, 7])
    }

    @Test("An error names the callback within, and the others still hear of the event")
    func errors() throws {
        let failing = LambdaCallback(name: "broken", on: .epochEnd) { _ in .learningRate(-1) }
        let other = Wisher("other", 9)
        let text = failure { _ = try fit(.any, [failing, other]) }
        #expect(text.contains("callback 'broken', on_epoch_end, epoch 1"))
        #expect(other.seen == [1])
        #expect(
            failure { _ = try fit(.any, [EarlyStopping(monitor: "val_lss")]) }.contains("callback 'early_stopping'"))
    }

    @Test("Savers and nothing at all are refused; nobody else's events are listened to")
    func options() throws {
        #expect(failure { _ = try CombinedStopping(.all, []) } == "all: at least one callback is needed")
        #expect(
            failure { _ = try CombinedStopping(.any, [HistoryRecorder()]) }
                == "any: 'history' does not stop runs; it goes into the list of callbacks itself")
        let combined = try CombinedStopping(.any, [Wisher("a", 1)])
        #expect(combined.events == [.epochEnd])
    }

    @Test("Resumes exactly, with the wishes of before")
    func resume() throws {
        try expectExactResume(stride: 2) {
            [
                try CombinedStopping(
                    .all,
                    [
                        Wisher("a", 1),
                        EarlyStopping(monitor: "loss", minDelta: 0.3, patience: 2, restoreBestWeights: true),
                        EarlyStopping(monitor: "accuracy", minDelta: 0.9, patience: 3),
                    ])
            ]
        }
    }
}
