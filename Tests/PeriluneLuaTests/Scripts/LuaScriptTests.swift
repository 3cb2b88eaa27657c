import Perilune
import Testing

@Suite struct LuaScriptTests {
    private func trainer() throws -> (Trainer, Dataset) {
        let data = try Dataset.iris().shuffled(seed: 1)
        let model = Sequential {
            Dense(8, activation: .relu)
            Dense(3)
        }
        let trainer = try Trainer(
            model, optimizer: .adam(learningRate: 0.01), loss: SparseCategoricalCrossentropy(), metrics: [Accuracy()],
            seed: 3)
        trainer.message = { _ in }
        return (trainer, data)
    }

    @Test func `A script steers a run of Swift`() throws {
        let script = try LuaScript(
            source: """
                local lune = require "perilune"
                seen = 0
                function on_epoch_end(epoch, logs, run)
                  seen = epoch
                  notify(dataset_name, epoch, logs.loss)
                  logs.score = factor * epoch
                  assert(run.model.layers[1].kernel:norm():item() > 0)
                  if epoch == 3 then return { stop = "enough" } end
                end
                function on_train_end(logs, run) finished = run.end_reason end
                """, name: "callbacks.lua", globals: ["factor": 10])
        script["dataset_name"] = "iris"
        var told: [String] = []
        script.register("notify") { arguments in
            told.append("\(arguments[0].string ?? "") \(arguments[1].integer ?? 0)")
        }
        script.register("twice") { arguments in [.number(2 * (arguments[0].number ?? 0))] }
        let (trainer, data) = try trainer()
        let history = try trainer.fit(data, epochs: 9, validation: data, callbacks: [script], verbose: .silent)
        #expect(history.epochs == [1, 2, 3])
        #expect(history.stopReason == "enough")
        #expect(history["score"] == [10, 20, 30])
        #expect(told == ["iris 1", "iris 2", "iris 3"])
        #expect(script["seen"] == 3)
        #expect(script["finished"] == "stopped")
        #expect(script.events == [.epochEnd, .trainEnd])
        #expect(try script.call("twice", 4) == [8])
        // A script serves several fits.
        #expect(try trainer.fit(data, epochs: 2, callbacks: [script], verbose: .silent).epochs == [1, 2])
    }

    @Test func `Errors of loading are typed`() throws {
        #expect(throws: LuaError.self) { try LuaScript(contentsOf: "/nowhere/callbacks.lua") }
        do {
            _ = try LuaScript(source: "x = 1\nfunction on_epoch_ends() end", name: "callbacks.lua")
            Issue.record("no error")
        } catch {
            #expect(error.message == "callbacks.lua:2: unknown event 'on_epoch_ends'; did you mean 'on_epoch_end'?")
        }
        do {
            _ = try LuaScript(source: "x = = 1", name: "callbacks.lua")
            Issue.record("no error")
        } catch {
            #expect(error.kind == .syntax)
            #expect(error.line == 1)
        }
    }

    @Test(
        arguments: [
            ("error('boom')", "callbacks.lua:2: boom"),
            ("return { lr = 'x' }", "callbacks.lua:1: directive: 'lr' must be a number, got the string \"x\""),
            ("logs.score = 'x'", "callbacks.lua:1: logs.score must be a number, got 'x'"),
        ])
    func `Errors of callbacks reach the host with their place`(statement: String, expected: String) throws {
        let script = try LuaScript(
            source: "function on_epoch_end(epoch, logs)\n\(statement) end", name: "callbacks.lua")
        let (trainer, data) = try trainer()
        do {
            try trainer.fit(data, epochs: 2, callbacks: [script], verbose: .silent)
            Issue.record("no error")
        } catch let error as TrainingError {
            #expect(error.description == expected + " (callback 'callbacks.lua', on_epoch_end, epoch 1)")
            let inner = try #require(error.underlying as? LuaError)
            #expect(inner.script == "callbacks.lua")
            #expect(inner.line != nil)
        }
    }

    @Test func `Random numbers of a script follow the run's seed`() throws {
        let script = try LuaScript(source: "function on_train_begin() number = math.random() end")
        func numbers() throws -> [LuaValue] {
            let (trainer, data) = try trainer()
            return try (0..<3).map { _ in
                try trainer.fit(data, epochs: 1, callbacks: [script], verbose: .silent)
                return script["number"]
            }
        }
        let first = try numbers()
        #expect(try numbers() == first)
        // Each fit has numbers of its own.
        #expect(first[0] != first[1] && first[1] != first[2] && first[0] != first[2])
    }
}
