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

/// A Swift program that lets others attach to a fit of its own.
@Suite struct AttachedHostTests {
    /// What somebody attached sees, on a thread of its own.
    private final class Visitor: Sendable {
        private let shown = Mutex("")

        var output: String { shown.withLock { $0 } }

        /// Waits for the socket, types the lines and leaves.
        func visit(_ path: String, _ lines: [String]) {
            Thread.detachNewThread {
                var connection: AttachConnection?
                while connection == nil {
                    connection = try? AttachConnection.connect(to: path)
                    usleep(5000)
                }
                let client = AttachClient(connection!, to: getpid()) { text in self.shown.withLock { $0 += text } }
                for line in lines { client.evaluate(line) }
            }
        }
    }

    private func trainer() throws -> Trainer {
        let model = Sequential { Dense(10) }
        return try Trainer(
            model, optimizer: .sgd(learningRate: 0.01), loss: SparseCategoricalCrossentropy(), metrics: [], seed: 1)
    }

    private func options(_ server: AttachServer) -> FitOptions {
        var options = FitOptions()
        options.epochs = 1_000_000
        options.verbose = .silent
        options.attendant = server
        return options
    }

    @Test func `with a script as callback its globals are there, and the run is that of the callback`() throws {
        let folder = try TemporaryFolder()
        let script = try LuaScript(
            source: """
                best = 1
                function on_train_batch_end(batch, logs, run) known = run end
                """, name: "steer.lua")
        let server = AttachServer(script, folder: folder.url.path + "/runs")
        let visitor = Visitor()
        visitor.visit(
            AttachFolder.socket(of: getpid(), in: folder.url.path + "/runs"),
            [
                "print(best, run == known, model == run.model, #model.layers)", "best = 2", "optimizer.lr = 0.125",
                "while true do end", "stop",
            ])
        let trainer = try trainer()
        let history = try trainer.fit(.digits(), options(server), callbacks: [script])
        server.stop()
        #expect(history.endReason == .interrupted)
        #expect(trainer.optimizer.learningRate == 0.125)
        #expect(script["best"] == 2)
        let lines = visitor.output.split(separator: "\n")
        #expect(lines.first == "1\ttrue\ttrue\t1")
        // The strict profile bounds what people type.
        #expect(visitor.output.contains("time limit"), "\(visitor.output)")
    }

    @Test func `a fit without a script can be attached to as well, and others not unless they say so`() throws {
        let folder = try TemporaryFolder()
        let state = try LuaState()
        try PeriluneModule.install(in: state)
        let server = AttachServer(state, script: "program", folder: folder.url.path + "/runs")
        let visitor = Visitor()
        let path = AttachFolder.socket(of: getpid(), in: folder.url.path + "/runs")
        var short = options(server)
        (short.epochs, short.attendant) = (1, nil)
        let trainer = try trainer()
        try trainer.fit(.digits(), short)
        #expect(!FileManager.default.fileExists(atPath: path))
        visitor.visit(path, ["pause", "before = run.step", "step 2", "print(run.step - before)", "stop"])
        let history = try trainer.fit(.digits(), options(server))
        server.stop()
        #expect(history.endReason == .interrupted)
        #expect(visitor.output.split(separator: "\n").last == "2", "\(visitor.output)")
        #expect(!FileManager.default.fileExists(atPath: path))
    }
}
