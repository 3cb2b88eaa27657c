import Foundation
import Perilune
import Testing

/// A script of a Swift host that is edited while a run goes on.
@Suite struct HostScriptReloadTests {
    private let path = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString).lua").path

    private func write(_ text: String) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
    }

    /// Trains for some epochs, with the file edited after some of them.
    private func train(_ script: LuaScript, epochs: Int, edits: [Int: String]) throws -> (History, [String]) {
        let trainer = try Trainer(
            Sequential { Dense(3) }, optimizer: .sgd(), loss: SparseCategoricalCrossentropy(), seed: 3)
        var messages: [String] = []
        trainer.message = { messages.append($0.replacing(path, with: "FILE")) }
        let editor = LambdaCallback(on: .epochEnd) { context in
            if let text = edits[context.run.epoch] { try write(text) }
            return nil
        }
        let history = try trainer.fit(
            Dataset.iris(), epochs: epochs, callbacks: [script, editor], verbose: .silent)
        return (history, messages)
    }

    @Test func `An edit takes effect, and what the host gave is there still`() throws {
        let text = """
            function on_epoch_end(epoch, logs)
              state.n = (state.n or 0) + 1
              logs.n, logs.version = state.n, VERSION * factor
            end
            """
        try write(text.replacing("VERSION", with: "1"))
        defer { try? FileManager.default.removeItem(atPath: path) }
        let script = try LuaScript(contentsOf: path, reloadsWhenChanged: true, globals: ["factor": 10])
        let more = "function on_train_end() ended = true end\n"
        let (history, messages) = try train(script, epochs: 4, edits: [2: more + text.replacing("VERSION", with: "2")])
        #expect(history["n"] == [1, 2, 3, 4])
        #expect(history["version"] == [10, 10, 20, 20])
        #expect(script["ended"] == true)
        #expect(script.events == [.epochEnd, .trainEnd])
        #expect(messages == ["FILE: read again"])
    }

    @Test func `An edit that drops an event is no longer called for it`() throws {
        try write("function on_epoch_end(epoch, logs) logs.seen = epoch end")
        defer { try? FileManager.default.removeItem(atPath: path) }
        let script = try LuaScript(contentsOf: path)
        script.reloadsWhenChanged = true
        let (history, _) = try train(script, epochs: 3, edits: [1: "function on_train_end() end"])
        #expect(history["seen"]?.filter { !$0.isNaN } == [1])
        #expect(script["on_epoch_end"].isNil)
    }

    /// An editor empties a file before it writes it anew.
    @Test(arguments: ["", "\n\n-- nothing yet\n", "x = 1"])
    func `An edit without any event is a broken one`(half: String) throws {
        let text = "function on_epoch_end(epoch, logs) logs.seen = epoch end"
        try write(text)
        defer { try? FileManager.default.removeItem(atPath: path) }
        let script = try LuaScript(contentsOf: path, reloadsWhenChanged: true)
        let (history, messages) = try train(script, epochs: 4, edits: [1: half, 3: text + " -- whole"])
        #expect(history["seen"] == [1, 2, 3, 4])
        #expect(messages.count == 2)
        #expect(messages.first?.hasPrefix("FILE: the edit does not work, so the version before stays") == true)
        #expect(messages.last == "FILE: read again")
    }

    @Test func `A pipe in the place of the file is not read`() throws {
        try write("function on_epoch_end(epoch, logs) logs.seen = epoch end")
        defer { try? FileManager.default.removeItem(atPath: path) }
        let script = try LuaScript(contentsOf: path, reloadsWhenChanged: true)
        try FileManager.default.removeItem(atPath: path)
        #expect(mkfifo(path, 0o600) == 0)
        let (history, messages) = try train(script, epochs: 3, edits: [:])
        #expect(history["seen"] == [1, 2, 3])
        #expect(messages == [])
    }

    @Test func `A broken edit leaves the globals as they were`() throws {
        try write("helper = 1 function on_epoch_end(epoch, logs) logs.helper = helper end")
        defer { try? FileManager.default.removeItem(atPath: path) }
        let script = try LuaScript(contentsOf: path, reloadsWhenChanged: true)
        let broken = "helper = 2 stranger = 3 function on_epoch_end() end function on_train_end() end error('no')"
        let (history, messages) = try train(script, epochs: 3, edits: [1: broken])
        #expect(history["helper"] == [1, 1, 1])
        #expect(script["stranger"].isNil)
        #expect(script.events == [.epochEnd])
        #expect(messages == ["FILE: the edit does not work, so the version before stays: FILE:1: no"])
    }

    @Test func `A script that returns a callback steers, and its errors say where`() throws {
        let script = try LuaScript(
            source: """
                return { name = "mine",
                  on_epoch_end = function(epoch) if epoch == 2 then return { lrr = 1 } end end }
                """, name: "callbacks.lua")
        #expect(script.events == [.epochEnd])
        do {
            _ = try train(script, epochs: 3, edits: [:])
            Issue.record("no error")
        } catch let error as TrainingError {
            #expect(error.description.hasPrefix("callbacks.lua:2: "), "\(error)")
            #expect(error.place.epoch == 2)
        }
    }
}
