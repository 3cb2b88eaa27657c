import Perilune
import PeriluneLua
import Testing

/// What could be overlooked is an error: silence is the worst answer.
@Suite struct SilenceTests {
    private func failure(of body: String) throws -> String {
        let state = try lune(smallModel)
        let error = try #require(
            state.failure(
                """
                model:fit(data, { epochs = 1, verbose = 0, callbacks = {
                  { on_epoch_end = function(epoch, logs, run)
                \(body)
                  end } } })
                """), "\(body)")
        return error.message
    }

    @Test(arguments: [
        ("logs[1] = 2", "logs have names, and no field [1]"),
        ("logs[2.5] = 2", "logs have names, and no field [2.5]"),
        ("logs[{}] = 2", "logs have names, and no field of type table"),
        ("logs['a\\27b'] = 2", "the name of a log has no control characters: 'a b'"),
        ("logs[('x'):rep(201)] = 2", "the name of a log has at most 200 bytes: 'xxx"),
        (
            "return setmetatable({}, { __index = { stop = true } })",
            "must be a plain table, got one that takes its fields from a metatable (__index)"
        ),
    ]) func `It is said what is wrong with it`(body: String, message: String) throws {
        let found = try failure(of: body)
        #expect(found.contains(message), "\(found)")
        #expect(found.contains("on_epoch_end"), "\(found)")
    }

    @Test func `A run that is over cannot be stopped`() throws {
        let state = try lune(smallModel)
        try state.run(
            "model:fit(data, { epochs = 1, verbose = 0, callbacks = { { on_epoch_end = "
                + "function(e, l, run) kept = run end } } })"
        )
        let error = try #require(state.failure("kept:stop('late')"))
        #expect(error.message.contains("script.lua:1: the run is over (finished), so it cannot be stopped"))
    }

    /// A string that is raised keeps its place; a table does too.
    @Test(arguments: ["error { code = 7 }", "error(setmetatable({}, { __tostring = function() return 'seven' end }))"])
    func `An error that is a table keeps callback, event, epoch and traceback`(raise: String) throws {
        let state = try lune(smallModel)
        let script = """
            local function fail() \(raise) end
            model:fit(data, { epochs = 3, verbose = 0, callbacks = {
              { name = "mine", on_epoch_end = function(epoch)
                  if epoch == 2 then fail() end
                end } } })
            """
        let error = try #require(state.failure(script))
        for part in ["mine", "on_epoch_end", "epoch 2"] { #expect(error.message.contains(part), "\(error.message)") }
        #expect(error.line == 1)
        #expect(error.traceback.contains("script.lua:4"))
        // A script that catches it has the table itself.
        let caught = try state.run(
            script.replacing("model:fit(", with: "local ok, e = pcall(model.fit, model, ") + " return ok, type(e)")
        #expect(caught == [false, "table"])
    }

    @Test func `A run has at most a thousand callbacks`() throws {
        let found = try failure(of: "for i = 1, 2000 do n = i run:add_callback { on_epoch_end = function() end } end")
        #expect(found.contains("a run has at most 1000 callbacks"))
    }

    @Test func `What the history keeps for a strict script counts`() throws {
        let script = try LuaScript(
            source: """
                local n = 0
                function on_epoch_end(epoch, logs)
                  for i = 1, 900 do n = n + 1 logs[("x"):rep(150) .. n] = 1 end
                end
                """, limits: ScriptLimits(memory: 4 << 20, time: .seconds(60)))
        let trainer = try Trainer(Sequential { Dense(3) }, optimizer: .sgd(), loss: SparseCategoricalCrossentropy())
        let error = #expect(throws: (any Error).self) {
            try trainer.fit(
                Dataset.iris().take(12), epochs: 100, batchSize: 12, callbacks: [script], verbose: .silent)
        }
        #expect("\(try #require(error))".contains("not enough memory"))
    }
}
