import Testing

@testable import PeriluneTrain

@Suite("TerminateOnNaN")
struct TerminateOnNaNTests {
    private func fit(_ callback: TerminateOnNaN, _ change: (FakeEngine) -> Void) throws -> History {
        let engine = try FakeEngine()
        change(engine)
        let writer = LambdaCallback(on: .epochEnd) { context in
            context.logs["score"] = context.run.epoch == 4 ? .infinity : 0
            return nil
        }
        return try makeLoop(engine, [writer, callback]) { $0.epochs = 6 }.fit()
    }

    @Test("Sees the loss alone unless told otherwise, as Keras's")
    func standard() throws {
        let history = try fit(TerminateOnNaN()) { $0.validationValue = { _ in .nan } }
        #expect(history.endReason == .finished)
        #expect(!TerminateOnNaN().events.contains(.testEnd) && !TerminateOnNaN().events.contains(.epochEnd))
    }

    @Test("Named quantities of training and of validation")
    func named() throws {
        let validation = try fit(TerminateOnNaN(watching: .named(["val_accuracy"]))) {
            $0.validationValue = { $0 == 3 ? .nan : 1 }
        }
        #expect(validation.stopReason == "the val_accuracy of epoch 3 is nan")
        let training = try fit(TerminateOnNaN(watching: .named(["accuracy", "val_loss"]))) {
            $0.trainValue = { $0 == 2 && $1 == 2 ? -.infinity : 1 }
        }
        #expect(training.stopReason == "the accuracy of epoch 2, batch 2 is -inf")
    }

    @Test("All of them, and what callbacks write")
    func all() throws {
        let callback = TerminateOnNaN(watching: .all)
        #expect(try fit(callback) { _ in }.stopReason == "the score of epoch 4 is inf")
        #expect(
            try fit(callback) { $0.validationValue = { $0 == 2 ? .nan : 1 } }.stopReason
                == "the val_loss of epoch 2 is nan")
        let text = failure {
            _ = try fit(TerminateOnNaN(raiseError: true, watching: .all)) { _ in }
        }
        #expect(text == "the score of epoch 4 is inf (callback 'terminate_on_nan', on_epoch_end, epoch 4)")
    }

    @Test("An unknown name is an error before the first batch")
    func unknown() {
        let text = failure { _ = try fit(TerminateOnNaN(watching: .named(["acuracy"]))) { _ in } }
        #expect(
            text.hasPrefix(
                "terminate_on_nan: 'metrics' has 'acuracy', which this run does not; did you mean 'accuracy'?"))
    }
}
