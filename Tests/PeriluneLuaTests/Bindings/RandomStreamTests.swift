import PeriluneData
import PeriluneLua
import PeriluneLuaRuntime
import Testing

/// Each thing that draws random numbers has a stream of its own, and the script as a whole repeats.
@Suite struct RandomStreamTests {
    /// What draws random numbers, as an expression whose value tells the numbers: two of a kind differ.
    private static let draws = [
        "kernel(lune.sequential { lune.input { 3 }, lune.dense(2) })",
        "kernel(lune.sequential { lune.dense(2) })",
        "kernel(lune.model { inputs = input, outputs = lune.dense(2)(input) })",
        "kernel(lune.sequential { lune.input { 3 }, lune.dense(2, { kernel_initializer = \"orthogonal\" }) })",
        "kernel(lune.sequential { lune.input { 3 }, lune.dense(2, { kernel_initializer = shared }) })",
        "text(lune.randn(4))", "text(lune.uniform(4))",
        "text(data:shuffle():y())",
        "text(generated())",
        "dropped(lune.sequential { lune.input { 64 }, lune.dropout(0.5), lune.flatten() })",
        "fitted()",
    ]

    private static let prelude = """
         input = lune.input { 3 }
         shared = lune.initializers.random_normal { stddev = 1 }
         data = lune.data.tensors(lune.arange(32):reshape(32, 1), lune.arange(32))
         function text(tensor)
           local flat = tensor:reshape(-1):totable()
           for i, value in ipairs(flat) do flat[i] = string.format("%a", value) end
           return table.concat(flat, " ")
         end
         function kernel(model)
           model:predict(lune.ones(1, 3))
           return text(model.layers[1].kernel)
         end
         -- What is left of ones after dropout is the mean that the loss sees.
         function dropped(model)
           model:compile { optimizer = lune.sgd { lr = 0 }, loss = "mse" }
           local losses = {}
           for i = 1, 4 do
             losses[i] = model:train_on_batch(lune.ones(1, 64), lune.arange(64):reshape(1, 64)).loss
           end
           return table.concat(losses, " ")
         end
         function generated()
           local seen
           local made = lune.data.generator(function()
             local given = false
             return function()
               if given then return nil end
               given, seen = true, lune.randn(2, 1)
               return seen, seen
             end
           end)
           still():fit(made, { verbose = 0 })
           return seen
         end
         function still()
           if not model then
             model = lune.sequential { lune.input { 1 }, lune.dense(1) }
             model:compile { optimizer = lune.sgd { lr = 0 }, loss = "mse" }
           end
           return model
         end
         function fitted()
           local losses = {}
           still():fit(data, { batch_size = 4, verbose = 0, callbacks = {
             { on_train_batch_end = function(_, logs) losses[#losses + 1] = logs.loss end } } })
           return table.concat(losses, " ")
         end
        """

    @Test(arguments: draws)
    func `Two of a kind differ, and the script repeats`(draw: String) throws {
        let values = try lune(Self.prelude).run("return \(draw), \(draw), \(draw)")
        #expect(values.count == 3)
        #expect(values[0] != values[1] && values[1] != values[2] && values[0] != values[2])
        #expect(try lune(Self.prelude).run("return \(draw), \(draw), \(draw)") == values)
        #expect(try lune(Self.prelude).run("lune.seed(2) return \(draw), \(draw), \(draw)") != values)
        // The same seed anew gives the same numbers anew.
        let twice = try lune(Self.prelude).run(
            "model = nil lune.seed(9) local first = \(draw) model = nil lune.seed(9) return first, \(draw)")
        #expect(twice[0] == twice[1])
    }

    @Test func `The models of an ensemble differ pairwise, in weights and in predictions`() throws {
        let values = try lune().run(
            """
            local seen, x = {}, lune.randn(5, 4)
            for i = 1, 8 do
              local model = lune.sequential { lune.input { 4 }, lune.dense(8, { activation = "relu" }), lune.dense(1) }
              model:compile { loss = "mse" }
              seen[i] = model:predict(x):sum():item()
            end
            table.sort(seen)
            local distinct = 1
            for i = 2, 8 do if seen[i] ~= seen[i - 1] then distinct = distinct + 1 end end
            return distinct
            """)
        #expect(values == [8])
    }

    @Test(arguments: [ScriptProfile.trusted, .strict])
    func `Without a seed two processes see the same numbers`(profile: ScriptProfile) throws {
        func numbers() throws -> [LuaValue] {
            let state = try LuaState(profile: profile)
            try PeriluneModule.install(in: state)
            return try state.run(
                """
                local drawn = math.random(1 << 40)
                local lune = require "perilune"
                local model = lune.sequential { lune.input { 2 }, lune.dense(1) }
                return drawn, math.random(1 << 40), lune.randn(1):item(), model.layers[1].kernel:sum():item()
                """)
        }
        let first = try numbers()
        #expect(try numbers() == first)
        #expect(first[0] != first[1])
    }

    @Test func `Looking at things takes no stream`() throws {
        func numbers(_ look: String) throws -> [LuaValue] {
            try lune().run(
                """
                local inner = lune.sequential({ lune.dense(3), lune.dropout(0.2) }, { name = "inner" })
                local model = lune.sequential { lune.input { 4 }, inner, lune.dense(4) }
                local data = lune.data.tensors(lune.randn(64, 4), lune.randn(64, 4):argmax(2))
                \(look)
                model:compile { loss = "sparse_categorical_crossentropy", metrics = { "accuracy" } }
                local history = model:fit(data, { epochs = 2, batch_size = 16, verbose = 0, callbacks = {
                  { on_epoch_end = function() \(look) end } } })
                \(look)
                return history.loss[1], history.loss[2], lune.randn(1):item(), data:shuffle():y():sum():item()
                """)
        }
        let plain = try numbers("")
        let look = """
            local shown = tostring(model) .. tostring(model.layers[1]) .. tostring(data) .. inner.layers[1].name
            shown = shown .. tostring(model.layers[1].layers[1].kernel) .. #model:get_weights() .. tostring(data:y())
            model:predict(data:x())
            """
        #expect(try numbers(look) == plain)
    }
}
