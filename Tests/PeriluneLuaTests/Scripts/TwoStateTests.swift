import Perilune
import Testing

/// A script of its own beside the one that trains: two Lua states, one run.
@Suite struct TwoStateTests {
    private func lua(_ prelude: String, beside script: LuaScript) throws -> LuaState {
        let state = try lune(prelude)
        state.runHooks.scripts = [script]
        return state
    }

    @Test func `Both see the same run, model and optimizer`() throws {
        let script = try LuaScript(
            source: """
                function on_epoch_end(epoch, logs, run)
                  logs.norm = run.model.layers[1].kernel:norm():item()
                  run.model.layers[1].bias:assign(3)
                  run.optimizer.lr = epoch / 4
                  seen = secret
                end
                """)
        let state = try lua(smallModel, beside: script)
        let results = try state.run(
            """
            secret = 1
            local history = model:fit(data, { epochs = 2, verbose = 0 })
            local bias = model.layers[1].bias
            return history.norm[2] == model.layers[1].kernel:norm():item(), bias:min():item(), history.lr[2], \
            model.optimizer.lr
            """)
        #expect(results == [true, 3, 0.25, 0.5])
        #expect(script["seen"].isNil)
    }

    @Test func `A script is asked before callbacks of the host, and interrupts of both states are taken back`() throws {
        let script = try LuaScript(source: "function on_epoch_end(epoch, logs) logs.mark = 1 end")
        let state = try lua(smallModel, beside: script)
        var marks: [Double?] = []
        state.runHooks.callbacks = [
            LambdaCallback(on: .epochEnd) { context in
                marks.append(context.logs["mark"])
                return nil
            }
        ]
        script.state.interrupt?.request()
        state.interrupt?.request()
        state.endInterrupts()
        try state.run("model:fit(data, { epochs = 2, verbose = 0 })")
        #expect(marks == [1, 1])
    }

    @Test func `The weights of the model that trains are right, whoever trained a shared layer before`() throws {
        let script = try LuaScript(source: "function on_train_begin(logs, run) seen = run.model.name end")
        let state = try lua(
            """
             shared = lune.dense(4)
            one = lune.sequential { lune.input { 4 }, shared, name = "one" }
            two = lune.sequential { lune.input { 4 }, shared, lune.dense(2), name = "two" }
            one:compile { optimizer = "sgd", loss = "mse" }
            two:compile { optimizer = lune.sgd(0.1), loss = "mse" }
            """, beside: script)
        let results = try state.run(
            """
            one:fit(lune.ones(8, 4), lune.ones(8, 4), { verbose = 0 })
            two:train_on_batch(lune.ones(8, 4), lune.ones(8, 2))
            local trained = shared.kernel:clone()
            two.optimizer.lr = 0
            two:fit(lune.ones(8, 4), lune.ones(8, 2), { verbose = 0 })
            return shared.kernel:eq(trained):min():item()
            """)
        #expect(results == [1])
        #expect(script["seen"] == "two")
    }

    @Test(arguments: [
        (
            "while true do end", ScriptLimits(time: .milliseconds(500)), LuaError.Kind.timeLimit,
            "the time limit of 0.5 s"
        ),
        (
            "local t = {} while true do t[#t + 1] = ('x'):rep(1000) .. #t end", ScriptLimits(memory: 4 << 20), .memory,
            "not enough memory: the limit is 4 MiB"
        ),
    ]) func `A script that exceeds a limit ends its run, and the script that trains goes on`(
        text: String, limits: ScriptLimits, kind: LuaError.Kind, expected: String
    ) throws {
        let script = try LuaScript(
            source: "function on_epoch_end(epoch)\nif epoch == 2 then \(text) end end function on_train_end(logs, run) "
                + "ended = run.end_reason end", name: "steer.lua", limits: limits)
        let state = try lua(smallModel, beside: script)
        let train = "model:fit(data, { epochs = 3, verbose = 0 })"
        let results = try state.run("return pcall(function() \(train) end)")
        #expect(results.first == false)
        let message = results.last?.string ?? ""
        #expect(message.hasPrefix("steer.lua:2: " + expected), "\(message)")
        #expect(message.hasSuffix("(callback 'steer.lua', on_epoch_end, epoch 2)"), "\(message)")
        #expect(script["ended"] == "failed")
        // The kind reaches the host of both.
        #expect(state.failure(train)?.kind == kind)
        #expect(try state.run("return 1 + 1") == [2])
    }

    @Test func `An error value of one state does not become one of the other`() throws {
        let (state, other) = (try LuaState(), try LuaState())
        state[global: "call"] = .function(state.makeFunction { try $0[1].function?.call() ?? [] })
        state[global: "foreign"] = .function(state.makeFunction { _ in try other.run("error { theirs = true }") })
        let results = try state.run(
            """
            local _, own = pcall(call, function() error { mine = true } end)
            local _, value = pcall(foreign)
            return own.mine, type(value)
            """)
        #expect(results == [true, "string"])
    }
}
