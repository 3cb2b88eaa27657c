import Foundation
import PeriluneData
import PeriluneNN
import PeriluneTestSupport
import PeriluneTrain
import Synchronization
import Testing

@testable import PeriluneLua
@testable import PeriluneLuaRuntime
@testable import PerilunePrompt

/// Clients that are gone before what they asked for begins.
@Suite struct LeavingClientTests {
    /// Lets the client leave at the last moment before its code can be broken off, and waits until that is known.
    private final class LateBreaker: AttachBreaker {
        private let client = Mutex<AttachConnection?>(nil)
        private let server = Mutex<AttachHub?>(nil)
        private let canBreakOff = Atomic<Bool>(false)
        private let script: LuaInterrupt
        let count = Atomic<Int>(0)

        init(_ script: LuaInterrupt) { self.script = script }

        func watch(_ hub: AttachHub, _ connection: AttachConnection) {
            server.withLock { $0 = hub }
            client.withLock { $0 = connection }
        }

        func begin() {
            client.withLock { $0?.end() }
            let hub = server.withLock { $0 }
            while hub?.shared.withLock({ !$0.clients.isEmpty }) == true { usleep(1000) }
            canBreakOff.store(true, ordering: .releasing)
        }

        func end() { canBreakOff.store(false, ordering: .releasing) }

        func breakOff() {
            guard canBreakOff.load(ordering: .acquiring) else { return }
            count.add(1, ordering: .relaxed)
            script.request()
        }
    }

    @Test func `code of a client that leaves just before it begins is broken off`() throws {
        let folder = try TemporaryFolder()
        let state = try LuaState()
        try PeriluneModule.install(in: state)
        let breaker = LateBreaker(try #require(state.interrupt))
        let path = folder.url.path + "/runs"
        let server = AttachServer(state, script: "program", folder: path, breaker: breaker)
        let trainer = try Trainer(
            Sequential { Dense(10) }, optimizer: .sgd(learningRate: 0.01), loss: SparseCategoricalCrossentropy(),
            metrics: [], seed: 1)
        var options = FitOptions()
        (options.epochs, options.verbose, options.attendant) = (1_000_000, .silent, server)
        // The first batch begins once the socket is there.
        let asks = LambdaCallback(on: .trainBatchBegin) { context in
            guard context.run.step == 0 else { return breaker.count.load(ordering: .relaxed) > 0 ? .stop() : nil }
            let connection = try AttachConnection.connect(to: AttachFolder.socket(of: getpid(), in: path))
            breaker.watch(server.hub, try #require(connection))
            connection?.send(AttachMessage(.evaluate, "while true do end"))
            return nil
        }
        let history = try trainer.fit(.digits(), options, callbacks: [asks])
        server.stop()
        #expect(breaker.count.load(ordering: .relaxed) == 1)
        #expect(history.endReason == .stopped)
    }
}
