import Glibc
import PeriluneData
import PeriluneNN
import Testing

@testable import PeriluneTrain

/// The signal handlers of a fit that asks for some. Each test has a process of its own, whose handlers it may change.
@Suite struct FitSignalTests {
    private static func address(_ signal: Int32) -> Int {
        var action = sigaction()
        sigaction(signal, nil, &action)
        return unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self)
    }

    /// Tests run on threads that block signals.
    private static func unblock() {
        var none = sigset_t()
        sigemptyset(&none)
        pthread_sigmask(SIG_SETMASK, &none, nil)
    }

    private static func fit(_ handlesSignals: Bool, _ onBatch: @escaping (Run) -> Void) throws -> History {
        let trainer = try Trainer(
            Sequential { Dense(10) }, optimizer: .sgd(), loss: SparseCategoricalCrossentropy(), seed: 1)
        var options = FitOptions()
        options.epochs = 3
        options.verbose = .silent
        options.handlesSignals = handlesSignals
        let callback = LambdaCallback(on: .trainBatchEnd) { context in
            onBatch(context.run)
            return nil
        }
        return try trainer.fit(Dataset.digits(), options, callbacks: [callback])
    }

    @Test func `a signal ends the fit in order, and the old handlers are put back`() async {
        await #expect(processExitsWith: .success) {
            Self.unblock()
            for number in [SIGINT, SIGTERM] {
                signal(number) { _ in _exit(7) }
                let before = [Self.address(SIGINT), Self.address(SIGTERM)]
                let history = try Self.fit(true) { run in
                    if run.batchesSeen == 60 { raise(number) }
                }
                precondition(history.endReason == .interrupted && history.epochs == [1, 2])
                precondition([Self.address(SIGINT), Self.address(SIGTERM)] == before)
                // The trainer's next fit is not interrupted by it.
                let next = try Self.fit(true) { _ in }
                precondition(next.endReason == .finished)
            }
        }
    }

    @Test func `a second signal has its ordinary effect`() async {
        await #expect(processExitsWith: .signal(SIGINT)) {
            Self.unblock()
            _ = try Self.fit(true) { _ in
                raise(SIGINT)
                raise(SIGINT)
            }
        }
    }

    @Test func `a fit that does not ask for them leaves the handlers alone`() async {
        await #expect(processExitsWith: .success) {
            signal(SIGINT) { _ in }
            let before = [Self.address(SIGINT), Self.address(SIGTERM)]
            var within: [[Int]] = []
            let history = try Self.fit(false) { run in
                if run.batchesSeen == 1 { within = [[Self.address(SIGINT), Self.address(SIGTERM)]] }
            }
            precondition(within == [before] && history.endReason == .finished)
        }
    }
}
