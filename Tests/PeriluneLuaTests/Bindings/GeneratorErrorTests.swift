import PeriluneLua
import PeriluneLuaRuntime
import Testing

/// Errors in generators name their place once, and the batch that is to blame.
@Suite struct GeneratorErrorTests {
    /// What a fit says whose generator does this from its third batch on.
    private func fault(_ third: String, in call: String = "model:fit") throws -> String {
        let state = try lune(
            """
             model = lune.sequential { lune.input { 1 }, lune.dense(1) }
             model:compile { optimizer = "sgd", loss = "mse" }
            """)
        return state.failure(
            """
            local n = 0
            local data = lune.data.generator(function()
              return function()
                n = n + 1
                if n > 2 then
                  \(third)
                end
                return lune.ones(2, 1), lune.ones(2, 1)
              end
            end)
            \(call)(data, { verbose = 0 })
            """
        )?.message ?? "no error"
    }

    @Test(arguments: [
        ("error('boom')", "script.lua:6: boom (epoch 1, batch 3)"),
        ("return 'x'", "script.lua:3: generator: number expected, got 'x' (epoch 1, batch 3)"),
        (
            "return lune.ones(2, 7), lune.ones(2, 1)",
            "script.lua:11: generator: x has the shape [2, 7] where [2, 1] is expected (epoch 1, batch 3)"
        ),
        (
            "return lune.ones(2, 1)",
            "script.lua:11: generator: gives 1 inputs and 0 targets where 1 and 1 are expected (epoch 1, batch 3)"
        ),
    ]) func `in a fit`(third: String, message: String) throws { #expect(try fault(third) == message) }

    @Test func `in an evaluation`() throws {
        #expect(
            try fault("return 'x'", in: "model:evaluate").hasPrefix(
                "script.lua:3: generator: number expected, got 'x'"))
        let shape = try fault("return lune.ones(2, 7), lune.ones(2, 1)", in: "model:evaluate")
        #expect(shape.components("batch 3") == 1 && shape.components("epoch") == 1, "\(shape)")
    }

    @Test func `steps bound an endless one`() throws {
        let values = try lune().run(
            """
            local model = lune.sequential { lune.input { 1 }, lune.dense(1) }
            model:compile { optimizer = "sgd", loss = "mse" }
            local n = 0
            local data = lune.data.generator(function()
              return function() n = n + 1 return lune.ones(2, 1), lune.ones(2, 1) end
            end)
            local loss = model:evaluate(data, { steps = 5 }).loss
            local ok, text = pcall(model.evaluate, model, data, { steps = 0 })
            local within
            model:fit(lune.ones(2, 1), lune.ones(2, 1), { verbose = 0, callbacks = { {
              on_epoch_end = function(epoch, logs, run) within = run:evaluate(data, { steps = 2 }).loss end } } })
            assert(within == within)
            return loss == loss, n <= 12, model:predict(data, { steps = 3 }).shape[1], ok, text:match("'steps'") ~= nil
            """)
        #expect(values == [true, true, 6, false, true])
    }
}

extension String {
    /// How often a text is in this one.
    fileprivate func components(_ text: String) -> Int { ranges(of: text).count }
}
