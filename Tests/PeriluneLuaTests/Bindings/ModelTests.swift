import PeriluneData
import PeriluneLua
import PeriluneLuaRuntime
import Testing

@Suite struct ModelBindingTests {
    private func run(_ text: String) throws -> [LuaValue] { try lune(smallModel).run(text) }

    @Test func `Fit takes data in every form`() throws {
        let results = try run(
            """
            local a = model:fit(data, { epochs = 2, verbose = 0 })
            local b = model:fit(x, y, { epochs = 1, batch_size = 16, verbose = 0, validation = 0.25 })
            local c = model:fit(x:totable(), y:totable(), { verbose = 0, validation_data = { x, y } })
            local d = model:fit { data, epochs = 1, verbose = 0, validation_split = 0.5, validation_freq = 1 }
            local e = model:fit(data:batch(8), { epochs = 3, initial_epoch = 1, steps_per_epoch = 2, verbose = 0 })
            return #a, #b.val_loss, #c.val_accuracy, #d.val_loss, e.epoch[1], a.end_reason, a.loss[1] > 0
            """)
        #expect(results == [2, 1, 1, 1, 2, "finished", true])
    }

    @Test func `Evaluate, predict, single steps and weights`() throws {
        try _ = run(
            """
            local before = model:evaluate(data)
            model:fit(data, { epochs = 20, verbose = 0 })
            local after = model:evaluate(x, y)
            assert(after.loss < before.loss and after.accuracy > before.accuracy)
            local p = model:predict(x)
            assert(p.shape[1] == 64 and p.shape[2] == 4)
            assert(math.abs(p:argmax(2):eq(y):mean():item() - after.accuracy) < 1e-6)
            assert(model(x):eq(p):min():item() == 1)

            local w = model:get_weights()
            assert(#w == 4 and w[1].shape[1] == 4 and w[1].shape[2] == 8)
            model:set_weights { lune.zeros(4, 8), lune.zeros(8), lune.zeros(8, 4), lune.zeros(4) }
            assert(model.layers[1].kernel:norm():item() == 0)
            model:set_weights(w)
            assert(model:evaluate(data).loss == after.loss)

            local k = model.layers[1].kernel
            k:assign(k * 2)
            assert(math.abs(model:get_weights()[1]:norm():item() - 2 * w[1]:norm():item()) < 1e-4)
            model:layer("dense_1").bias[2] = 5
            assert(model.layers[2].bias[2] == 5 and model:layer(2) == model.layers[2])
            assert(model:count_params() == 4 * 8 + 8 + 8 * 4 + 4 and #model.weights == 4)

            local s = model:train_on_batch(x, y)
            local t = model:test_on_batch(x, y)
            assert(t.loss < s.loss and s.accuracy)
            """)
    }

    @Test func `The optimizer's numbers can be read and set`() throws {
        let state = try lune(smallModel)
        try state.run(
            """
            local o = model.optimizer
            assert(math.abs(o.lr - 0.01) < 1e-9 and o.learning_rate == o.lr and o.beta_1 == 0.9 and o.name == "adam")
            o.lr = 0.5 o.beta_1 = 0.8
            assert(model.optimizer.learning_rate == 0.5 and o.beta_1 == 0.8 and o.clipnorm == nil)
            o.learning_rate = lune.cosine_decay(0.1, 100)
            assert(math.abs(o.lr - 0.1) < 1e-9)
            """)
        #expect(
            state.failure("model.optimizer.lr = -1")?.message
                == "script.lua:1: directive: the learning rate must be a finite number of 0 or more, got -1.0")
        #expect(
            state.failure("model.optimizer.beta_3 = 1")?.message
                == "script.lua:1: unknown field 'beta_3' of optimizer; did you mean 'beta_1'?")
        #expect(
            state.failure("model.optimizer.lr = 'x'")?.message
                == "script.lua:1: bad value for 'optimizer.learning_rate' (number or schedule expected, got 'x')")
    }

    @Test func `Frozen layers stay as they are`() throws {
        try _ = run(
            """
            local first, second = model.layers[1], model.layers[2]
            model:fit(data, { verbose = 0 })
            first.trainable = false
            local k, l = first.kernel:clone(), second.kernel:clone()
            model:fit(data, { verbose = 0 })
            assert(first.kernel:eq(k):min():item() == 1 and second.kernel:eq(l):min():item() == 0)
            first.trainable = true
            model:fit(data, { verbose = 0 })
            assert(first.kernel:eq(k):min():item() == 0)
            """)
    }

    @Test func `A layer in two models has one set of weights`() throws {
        try _ = run(
            """
            local input = lune.input { 4 }
            local hidden = lune.dense(8, { activation = "tanh" })
            local h = hidden(input)
            local encoder = lune.model { inputs = input, outputs = h }
            local full = lune.model { inputs = input, outputs = lune.dense(4)(h) }
            full:compile { optimizer = "adam", loss = "sparse_categorical_crossentropy" }
            local before = encoder:predict(x)
            full:fit(data, { epochs = 3, verbose = 0 })
            local after = encoder:predict(x)
            assert(before:eq(after):min():item() == 0)
            local kernel = full:get_weights()[1]
            assert(encoder:get_weights()[1]:eq(kernel):min():item() == 1)
            assert(hidden.kernel:eq(kernel):min():item() == 1)

            local nested = lune.sequential { encoder, lune.dense(4) }
            assert(encoder:predict(x):eq(after):min():item() == 1)
            nested:compile { optimizer = "sgd", loss = "sparse_categorical_crossentropy" }
            assert(nested:predict(x).shape[2] == 4)
            assert(encoder:predict(x):eq(after):min():item() == 1)
            """)
    }

    @Test func `Several outputs have losses, weights and metrics by name`() throws {
        try _ = run(
            """
            local input = lune.input { 4 }
            local h = lune.dense(8, { activation = "relu" })(input)
            local a, b = lune.dense(4, { name = "class" })(h), lune.dense(1, { name = "value" })(h)
            local model = lune.model { inputs = input, outputs = { a, b } }
            model:compile {
              loss = { class = "sparse_categorical_crossentropy", value = lune.huber(2) },
              loss_weights = { class = 1, value = 0.5 }, metrics = { class = { "accuracy" }, value = "mae" } }
            local data = lune.data.tensors(x, { y, x:sum(2) })
            local history = model:fit(data, { verbose = 0 })
            assert(history.class_accuracy and history.value_mae and history.class_loss)
            """)
    }

    @Test func `Stop training from a callback`() throws {
        let results = try run(
            """
            local history = model:fit(data, { epochs = 9, verbose = 0, callbacks = { {
              on_epoch_end = function(epoch, logs, run) if epoch == 2 then run.model.stop_training = true end end } } })
            local flag = model.stop_training
            local again = model:fit(data, { epochs = 3, verbose = 0 })
            return #history, history.end_reason, flag, #again
            """)
        #expect(results == [2, "stopped", false, 3])
    }

    @Test func `Objects print themselves`() throws {
        let state = try lune(smallModel)
        #expect(
            try state.run(
                "return tostring(data), tostring(model.layers[1]), tostring(lune.mse and 1), tostring(lune.huber())"
                    .replacing("tostring(lune.mse and 1), ", with: ""))
                == ["dataset: 64 examples, x float32[4], y int32[]", "layer 'dense' (dense)", "loss huber"])
        let printed = try state.run(
            "local out = {} print = function(t) out[#out + 1] = t end model:summary() "
                + "lune.help('events') lune.help('fit') return out[1], out[2], out[3]"
        )
        #expect(printed[0].string?.contains("Total params: 76") == true)
        #expect(printed[1].string?.contains("on_backward_end(batch, logs, run)") == true)
        #expect(printed[2].string?.hasPrefix("model:fit(data") == true)
    }

    @Test func `The same seed gives the same run`() throws {
        let results = try run(
            """
            local function go()
              lune.seed(3)
              local m = lune.sequential { lune.dense(8), lune.dropout(0.3), lune.dense(4) }
              m:compile { optimizer = "adam", loss = "sparse_categorical_crossentropy" }
              return m:fit(data, { epochs = 3, verbose = 0 }).loss, math.random()
            end
            local a, r = go() local b, s = go()
            return a[3] == b[3], r == s
            """)
        #expect(results == [true, true])
    }
}
