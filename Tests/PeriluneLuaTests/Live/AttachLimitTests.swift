import Foundation
import PeriluneData
import PeriluneNN
import PeriluneProcess
import PeriluneTestSupport
import PeriluneTrain
import Testing

@testable import PeriluneLua
@testable import PeriluneLuaRuntime
@testable import PerilunePrompt

/// What people attached can make a run spend on them.
@Suite struct AttachLimitTests {
    private func hub() -> AttachHub {
        let hub = AttachHub(AttachStatus(process: 1, script: "x", since: 0, activity: .idle), breaker: nil)
        hub.fitBegins(Interrupts())
        return hub
    }

    @Test func `one who asks without end is sent away, and another one is not`() throws {
        let hub = hub()
        let ends = [try AttachConnection.pair(), try AttachConnection.pair()]
        let (greedy, modest) = (hub.join(ends[0].0), hub.join(ends[1].0))
        func ask(_ client: AttachHub.Client) -> Bool {
            hub.ask(AttachHub.Question(client: client, message: AttachMessage(.evaluate, "1")))
        }
        for _ in 0..<64 { #expect(ask(greedy)) }
        #expect(!ask(greedy))
        #expect(ask(modest))
        hub.leave(greedy)
        #expect(hub.next()?.question.client == modest)
    }

    @Test func `a message may be long, and not without end`() {
        var reader = AttachReader()
        let piece = [UInt8](repeating: 0x20, count: AttachMessage.longest)[...]
        var count = 0
        while !reader.isTooLong, count < 1000 {
            #expect(reader.take((.part, piece)) == nil)
            count += 1
        }
        #expect(count == (1 << 20) / AttachMessage.longest + 1)
    }

    /// Stops a fit once everybody has been there.
    private final class Crowd: Callback, @unchecked Sendable {
        var name: String { "crowd" }
        let path: String
        var connections: [AttachConnection] = []
        init(_ path: String) { self.path = path }

        func onTrainBatchEnd(_ batch: Int, _ logs: Logs, _ run: Run) throws -> Directive? {
            while connections.count < AttachHub.mostClients + 20 {
                connections.append(try #require(try AttachConnection.connect(to: path)))
            }
            return .stop()
        }
    }

    @Test func `a crowd takes a part of the files that a process may have, and no more`() throws {
        let folder = try TemporaryFolder()
        let state = try LuaState()
        let server = AttachServer(state, script: "program", folder: folder.url.path + "/runs")
        var options = FitOptions()
        (options.epochs, options.verbose, options.attendant) = (1, .silent, server)
        let trainer = try Trainer(
            Sequential { Dense(10) }, optimizer: .sgd(), loss: SparseCategoricalCrossentropy(), metrics: [], seed: 0)
        let crowd = Crowd(AttachFolder.socket(of: getpid(), in: folder.url.path + "/runs"))
        let history = try trainer.fit(.digits().take(64), options, callbacks: [crowd])
        #expect(history.endReason == .stopped)
        // Who came too late finds the door closed; who came in time gets an answer.
        for connection in crowd.connections.dropFirst(AttachHub.mostClients) {
            try #require(connection.waits(for: Int32(POLLIN), milliseconds: 60_000))
            #expect(connection.receive() == nil)
        }
        for connection in crowd.connections.prefix(AttachHub.mostClients) {
            connection.send(AttachMessage(.status))
            #expect(connection.receive()?.kind == .state)
        }
        // And who leaves makes room for another.
        crowd.connections.removeFirst()
        let path = try #require(server.path)
        while true {
            let another = try #require(try AttachConnection.connect(to: path))
            another.send(AttachMessage(.status))
            if another.receive()?.kind == .state { break }
        }
        server.stop()
    }
}
