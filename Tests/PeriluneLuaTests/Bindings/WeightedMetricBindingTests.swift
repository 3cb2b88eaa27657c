import PeriluneLua
import PeriluneLuaRuntime
import Testing

/// `weighted_metrics`, and metrics that take all examples, from Lua.
@Suite struct WeightedMetricBindingTests {
    private static let model = """
         local x = lune.tensor{1,2,3,4,5}:reshape(5, 1)
         w = lune.tensor{1,0,2,0.5,0.5}
         data = lune.data.tensors(x, lune.zeros(5, 1), { sample_weight = w })
         function make(options)
           local model = lune.sequential { lune.input { 1 }, lune.dense(1) }
           model:set_weights { lune.ones(1, 1), lune.zeros(1) }
           options.optimizer, options.loss = lune.sgd { lr = 0 }, "mse"
           model:compile(options)
           return model
         end
        """

    @Test func `weighted metrics stand beside the others, in evaluate, fit and one batch`() throws {
        let values = try lune(Self.model).run(
            """
            local m = make { metrics = { "mae" }, weighted_metrics = { "mae" } }
            local logs = m:evaluate(data)
            local history = m:fit(data, { batch_size = 2, verbose = 0, validation = data })
            local one = m:test_on_batch(
              lune.ones(2, 1), lune.tensor{1, 3}:reshape(2, 1), { sample_weight = lune.tensor{3, 1} })
            return logs.mae, logs.weighted_mae, history.weighted_mae[1], history.val_weighted_mae[1], one.mae,
              one.weighted_mae
            """)
        #expect(values == [3, 2.875, 2.875, 2.875, 1, 0.5])
    }

    @Test func `They come as one, by output, and misspelt ones are told`() throws {
        let values = try lune(Self.model).run(
            """
            local single = make { weighted_metrics = "mae" }:evaluate(data).mae
            local model = make { metrics = {} }
            local ok, text = pcall(make, { weighted_metrics = { "meae" } })
            return single, ok, text:match("weighted_metrics") ~= nil, text:match("did you mean '[%a_]+'") ~= nil
            """)
        #expect(values == [2.875, false, true, true])
    }

    @Test func `The area under a curve is exact, or Keras's with num_thresholds`() throws {
        let values = try lune().run(
            """
            local x = lune.tensor{1e-6, 2e-6, 3e-6, 4e-6}:reshape(4, 1)
            local y = lune.tensor{0, 0, 1, 1}:reshape(4, 1)
            local model = lune.sequential { lune.input { 1 }, lune.dense(1, { use_bias = false }) }
            model:set_weights { lune.ones(1, 1) }
            model:compile { optimizer = lune.sgd { lr = 0 }, loss = "mse", metrics = {
              "auc", lune.metrics.auc { curve = "PR", name = "pr" },
              lune.metrics.auc { num_thresholds = 200, name = "keras" } } }
            local logs = model:evaluate(x, y, { batch_size = 3 })
            local one = model:test_on_batch(x, lune.ones(4, 1))
            return logs.auc, logs.pr, logs.keras, one.auc ~= one.auc
            """)
        #expect(values == [1, 1, 0.5, true])
    }
}
