import Foundation
import Perilune
import Testing

/// What a Swift program that embeds the trainer relies on.
@Suite struct HostTests {
    private struct Refused: Error {}
    private final class Unknown {}

    private func trainer() throws -> (Trainer, Dataset) {
        let data = try Dataset.iris().shuffled(seed: 1)
        let trainer = try Trainer(
            Sequential { Dense(3) }, optimizer: .adam(learningRate: 0.01), loss: SparseCategoricalCrossentropy(),
            metrics: [Accuracy()], seed: 3)
        trainer.message = { _ in }
        return (trainer, data)
    }

    private func options(_ epochs: Int) -> FitOptions {
        var options = FitOptions()
        (options.epochs, options.verbose) = (epochs, .silent)
        return options
    }

    /// Events that were seen; used by one task at a time.
    private final class Seen: @unchecked Sendable {
        var epochs = 0
        var ends = 0
    }

    private func watch(_ seen: Seen, atEpoch epoch: Int, _ act: @escaping @Sendable () -> Void) -> LambdaCallback {
        LambdaCallback([
            .epochEnd: { context in
                seen.epochs = context.run.epoch
                if context.run.epoch == epoch { act() }
                return nil
            },
            .trainEnd: { _ in
                seen.ends += 1
                return nil
            },
        ])
    }

    @Test("Cancelling the task ends a fit in order", arguments: [false, true])
    func cancellation(waits: Bool) async throws {
        let seen = Seen()
        let task = Task {
            let (trainer, data) = try self.trainer()
            let watch = self.watch(seen, atEpoch: 3) { withUnsafeCurrentTask { $0?.cancel() } }
            let history =
                waits
                ? try await trainer.fitCancellably(data, self.options(300), callbacks: [watch])
                : try trainer.fit(data, self.options(300), callbacks: [watch])
            // The trainer is as good as before, and another pass of this task is interrupted too.
            #expect(throws: TrainingError.self) { try trainer.evaluate(data) }
            return history
        }
        let history = try await task.value
        #expect(history.endReason == .interrupted)
        #expect(history.epochs == [1, 2, 3])
        #expect((seen.epochs, seen.ends) == (3, 1))
    }

    @Test func `A cancelled fit leaves its checkpoint and goes on from it`() async throws {
        let folder = P_tmpdir + "/perilune-cancelled-\(UInt64.random(in: 0 ... .max))"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let task = Task {
            let (trainer, data) = try self.trainer()
            let saver = try ModelCheckpoint(.folder(folder, keepLast: 2, keepBest: 0))
            let watch = self.watch(Seen(), atEpoch: 2) { withUnsafeCurrentTask { $0?.cancel() } }
            return try trainer.fit(data, self.options(9), callbacks: [saver, watch]).epochs
        }
        #expect(try await task.value == [1, 2])
        let (trainer, data) = try trainer()
        var options = options(4)
        options.resume = folder
        let history = try trainer.fit(data, options)
        #expect(history.epochs == [1, 2, 3, 4])
        #expect(history.endReason == .finished)
    }

    @Test("A stop from another thread reaches a callback that loops", arguments: [ScriptProfile.strict, .trusted])
    func looping(profile: ScriptProfile) async throws {
        let task = Task {
            let (trainer, data) = try self.trainer()
            let script = try LuaScript(
                source: """
                    function on_epoch_end(epoch) while epoch == 2 do pcall(function() while true do end end) end end
                    function on_train_end() ended = true end
                    """, profile: profile, limits: ScriptLimits(time: profile == .strict ? .seconds(600) : nil))
            let interrupts = trainer.interrupts
            let watch = self.watch(Seen(), atEpoch: 2) {
                // Not a task: those of this test hold the threads that tasks run on.
                Thread.detachNewThread { interrupts.request(.stop) }
            }
            let history = try trainer.fit(data, self.options(300), callbacks: [watch, script])
            #expect(script["ended"] == true)
            #expect(script.state.timeLimit == (profile == .strict ? .seconds(600) : nil))
            return history
        }
        let history = try await task.value
        #expect(history.endReason == .interrupted)
        #expect(history.epochs == [1, 2])
    }

    @Test func `Values of Swift become values of Lua`() throws {
        let count = 3
        let script = try LuaScript(
            source:
                "function sum() local s = 0 for _, v in ipairs(list) do s = s + v end return s, map.a, map.b, none end",
            globals: ["count": count, "list": [1, 2, 4], "map": ["a": "x", "b": "y"], "flag": true, "ratio": 0.5])
        #expect(try script.call("sum") == [7, "x", "y", .nil])
        #expect(script["count"] == 3)
        try script.set("list", [0.5, 0.25])
        try script.set("map", ["a": [count]])
        #expect(try script.call("sum").first == 0.75)
        #expect(script["map"].table?["a"].table?[1] == 3)
        #expect(LuaValue(count) == 3)
    }

    @Test func `An object that Lua does not know is kept, and given back`() throws {
        let script = try LuaScript(source: "function same() return unknown, other end")
        let (unknown, other) = (Unknown(), Unknown())
        script["unknown"] = .object(unknown)
        script["other"] = .object(other)
        let back = try script.call("same")
        #expect(back.first?.object === unknown)
        #expect(back.last?.object === other)
    }

    @Test func `A value of another script is an error, at once or with the next call`() throws {
        let (a, b) = (try LuaScript(source: "t = {}"), try LuaScript(source: "function f() end"))
        #expect(throws: LuaError.self) { try b.set("t", a["t"]) }
        b["t"] = a["t"]
        #expect(throws: LuaError.self) { try b.call("f") }
        #expect(b["t"].isNil)
        #expect(throws: Never.self) { try b.call("f") }
    }

    @Test func `A function of the host may throw only, or use the script without keeping it`() throws {
        weak var gone: LuaScript?
        do {
            let script = try LuaScript(
                source: "function fails() fail() end function double() return twice() end seed = 21")
            script.register("fail") { _ in throw Refused() }
            script.register("twice") { script, _ in [.integer(2 * (script["seed"].integer ?? 0))] }
            #expect(throws: LuaError.self) { try script.call("fails") }
            #expect(try script.call("double") == [42])
            gone = script
        }
        #expect(gone == nil)
    }

    @Test("The host's own time counts against the limit, or not", arguments: [true, false])
    func hostTime(counts: Bool) throws {
        let script = try LuaScript(
            source: "function f() wait() for i = 1, 100000 do end return 1 end",
            limits: ScriptLimits(time: .milliseconds(200)))
        script.register("wait", countsTime: counts) { _ in
            let end = ContinuousClock.now + .milliseconds(600)
            while ContinuousClock.now < end {}
            return []
        }
        if counts {
            #expect(throws: LuaError.self) { try script.call("f") }
        } else {
            #expect(try script.call("f") == [1])
        }
    }

    @Test func `A run that is over cannot be stopped`() throws {
        let (trainer, data) = try trainer()
        let script = try LuaScript(
            source: """
                function on_epoch_end(epoch, logs, run) kept = run end
                function later() kept:stop("too late") end
                """)
        _ = try trainer.fit(data, epochs: 1, callbacks: [script], verbose: .silent)
        let error = #expect(throws: LuaError.self) { try script.call("later") }
        #expect(error?.message.contains("the run is over (finished), so it cannot be stopped") == true)
    }
}
