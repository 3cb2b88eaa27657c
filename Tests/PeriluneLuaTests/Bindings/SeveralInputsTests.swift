import PeriluneLua
import PeriluneLuaRuntime
import Testing

/// Models with several inputs and outputs, wherever `fit` takes them; and what messages say of models' tensors.
@Suite struct SeveralInputsTests {
    private static let model = """
         local a, b = lune.input({ 4 }, { name = "a" }), lune.input({ 2 }, { name = "b" })
         local joined = lune.concatenate()(lune.dense(3)(a), b)
         local p, q = lune.dense(1, { name = "p" })(joined), lune.dense(5, { name = "q" })(joined)
         model = lune.model { inputs = { a, b }, outputs = { p, q } }
         model:compile { optimizer = lune.sgd { lr = 0.1 }, loss = "mse", metrics = { p = "mae" } }
         x = { lune.randn(6, 4), lune.randn(6, 2) }
         y = { lune.randn(6, 1), lune.randn(6, 5) }
        """

    @Test func `One batch trains as fit does`() throws {
        let values = try lune(Self.model).run(
            """
            local weights = model:get_weights()
            model:fit(x, y, { batch_size = 6, shuffle = false, verbose = 0 })
            local fitted = model:get_weights()
            model:set_weights(weights)
            local tested = model:test_on_batch(x, y)
            local evaluated = model:evaluate(x, y)
            local trained = model:train_on_batch(x, y)
            local same, moved = true, false
            for i, weight in ipairs(model:get_weights()) do
              same = same and weight == fitted[i]
              moved = moved or weight ~= weights[i]
            end
            return same, moved, tested.loss == trained.loss, math.abs(tested.loss - evaluated.loss) < 1e-5,
              tested.p_mae == trained.p_mae and tested.q_loss ~= nil
            """)
        #expect(values == [true, true, true, true, true])
    }

    @Test func `Weights of rows count in evaluate and in one batch`() throws {
        let values = try lune(Self.model).run(
            """
            local weights = lune.tensor{1,0,0,2,0,0}
            local plain = model:test_on_batch(x, y).loss
            local weighted = model:test_on_batch(x, y, { sample_weight = weights }).loss
            local evaluated = model:evaluate(x, y, { sample_weight = weights }).loss
            return math.abs(weighted - evaluated) < 1e-5, math.abs(weighted - plain) > 1e-3
            """)
        #expect(values == [true, true])
    }

    @Test func `Several outputs come as a list, from predict and from a call`() throws {
        let values = try lune(Self.model).run(
            """
            local out = model:predict(x)
            local called, listed = model(x[1], x[2]), model(x)
            local single = lune.sequential { lune.input { 4 }, lune.dense(1) }
            return #out, out[1].shape[2], out[2].shape[2], select("#", model:predict(x)), called[2] == out[2],
              listed[1] == out[1], single:predict(x[1]) == single(x[1]), single(x[1]).shape[1]
            """)
        #expect(values == [2, 1, 5, 1, true, true, true, 6])
    }

    @Test(
        arguments: [
            (
                "model:train_on_batch({ x[1] }, y)",
                "takes float32[4], float32[2], the data give float32[4] (shapes without the batch)"
            ),
            ("model:train_on_batch(5, 5)", "bad argument #1 to 'train_on_batch' (tensor expected, got number)"),
            ("model:train_on_batch(x, { lune.randn(5, 1), y[2] })", "y1 has 5 examples where x1 has 6"),
            (
                "model { x[1], lune.input { 2 } }",
                "a layer is called with tensors of a functional model, from lune.input, got tensor"
            ),
            ("lune.input { nil }", "no extents: nil is none, and there are no open ones."),
            ("lune.input {}", "lune.input { 28, 28, 1 }; one number a sample is lune.input { 1 }"),
            (
                "lune.input { 3 } + lune.input { 3 }",
                "have no '+': layers do their arithmetic; lune.add()(a, b) adds two"
            ),
            ("2 * lune.input { 3 }", "lune.rescaling(c)(x) by a number"),
            ("lune.input { 3 } - 1", "lune.subtract()(a, b)"), ("lune.input { 3 } / 2", "lune.rescaling(1 / c)(x)"),
            ("-lune.input { 3 }", "lune.rescaling(-1)(x)"), ("lune.input { 3 } ^ 2", "lune.multiply()(x, x)"),
            ("lune.input { 3 } .. lune.input { 3 }", "lune.concatenate()(a, b)"),
            (
                "model:compile { loss = function(y, p) return (y - p)^2 end }",
                "loss by name, such as \"mse\", or of lune.losses, expected, got function"
            ),
            (
                "lune.attention()",
                "unknown field 'attention' of lune; there is no layer 'attention' yet; lune.layers has those there are"
            ),
            ("model:save('a')", "unknown field 'save' of model; did you mean 'save_weights'?"),
            ("model:load('a')", "unknown field 'load' of model; did you mean 'load_weights'?"),
            (
                "lune.sequential { lune.input({ 3 }, { dtype = 'int32' }), "
                    + "lune.embedding(5, 2) } :predict(lune.ones(2, 3))",
                "x:to(\"int32\") converts in Lua"
            ),
        ])
    func `A mistake says what serves`(expression: String, part: String) throws {
        let failure = try #require(try lune(Self.model).failure("local v = \(expression)")?.message)
        #expect(failure.contains(part), "\(failure)")
    }
}
