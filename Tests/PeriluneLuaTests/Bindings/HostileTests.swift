import PeriluneLua
import PeriluneLuaRuntime
import Testing

/// Nothing that a script can write may take the process down.
@Suite struct HostileTests {
    @Test(
        arguments: [
            "lune.tensor(1):matmul(lune.tensor(2))", "lune.tensor{1,2}:matmul(lune.tensor{1,2})",
            "lune.ones(2,3):matmul(lune.ones(2,3))", "lune.tensor(1):softmax()", "lune.tensor(1):argmax(1)",
            "lune.tensor(1):transpose(1)", "lune.tensor(1)[1]", "lune.tensor{1}[math.mininteger]",
            "lune.tensor{1}[{ { math.mininteger, math.maxinteger } }]", "lune.tensor{1}:sum(math.mininteger)",
            "lune.tensor{1}:reshape(math.mininteger, -1)",
            "lune.tensor{1}:reshape(-1, -1)",
            "lune.tensor{1}:reshape({})",
            "lune.zeros(math.maxinteger, math.maxinteger)", "lune.arange(-1e308, 1e308, 1e-300)",
            "lune.arange(math.maxinteger)", "lune.one_hot({0}, math.maxinteger)", "lune.uniform(1e18)",
            "lune.tensor(setmetatable({}, { __len = function() return 1 << 62 end }))",
            "(function() local t = {} t[1] = t return lune.tensor(t) end)()",
            "model:predict(lune.zeros(1))",
            "model:predict(lune.tensor(1))",
            "model:predict({})",
            "model:predict(data, data)",
            "model:fit(data, { batch_size = math.maxinteger, verbose = 0 })", "model:fit(x, 5)",
            "model:fit(data, { threads = 1000000, verbose = 0 })",
            "model:fit(data, { steps_per_epoch = math.maxinteger, verbose = 0, callbacks = { { on_batch_end = "
                + "function() return 'stop' end } } })",
            "model:fit(data, { epochs = 1, initial_epoch = math.maxinteger, verbose = 0 })",
            "model:fit(data, { epochs = math.maxinteger, verbose = 0, callbacks = { { on_epoch_end = function() "
                + "return 'stop' end } } })",
            "model:fit(data, { verbose = 0, epochs = 2, callbacks = { { on_epoch_end = function() return { "
                + "batch_size = 1e15 } end } } })",
            "model:fit(data, { verbose = 0, callbacks = { { on_epoch_end = function() return { log = { [1] = 2 "
                + "} } end } } })",
            "model:fit(data, { verbose = 0, callbacks = { { on_epoch_end = function() local t = {} t.stop = t "
                + "return t end } } })",
            "model:fit(data, { verbose = 0, callbacks = { { on_epoch_end = function(e, logs) logs[1] = 2 "
                + "logs[{}] = 3 end } } })",
            "lune.sequential { lune.input { 4 }, lune.dense(2147483647) }",
            "lune.sequential { lune.input { 4 }, lune.dense(1000000000) }",
            "lune.sequential { lune.input { 4 }, lune.repeat_vector(2147483647) }:predict(lune.ones(2, 4))",
            "lune.sequential { lune.input { 4, 4, 1 }, lune.upsampling2d(2147483647) }:predict(lune.ones(2, 4, 4, 1))",
            "lune.sequential { lune.input { 4, 4, 1 }, lune.conv2d(1, 2147483647) }:predict(lune.ones(2, 4, 4, 1))",
            "lune.sequential { lune.embedding(10, 3) }:predict(lune.full({ 2, 4 }, 99))",
            "lune.sequential { lune.embedding(10, 3) }:predict(lune.full({ 2, 4 }, -1))",
            "lune.sequential {}:predict(x)",
            "lune.sequential { model, model }:predict(x)", "model:add(model)",
            "(function() local s = lune.sequential {} s:add(s) return s:predict(x) end)()",
            "lune.model { inputs = lune.input { 4 }, outputs = lune.input { 4 } }",
            "lune.dense(3)()", "lune.add()(lune.input { 3 })", "lune.permute { 1, 1 }(lune.input { 3, 4 })",
            "lune.layer_normalization { axis = 99 }(lune.input { 3 })",
            "lune.batch_normalization { axis = -99 }(lune.input { 3 })",
            "model.layers[1].kernel:assign(lune.tensor{1})", "model:set_weights({})", "model:build { 9 }",
            "model.fit(model)", "model.fit(lune.tensor{1})", "getmetatable(model)", "model:layer(99)",
            "lune.on('epoch_end', { when = 5 }, print)",
            "lune.on('epoch_end', { after = math.maxinteger, before = 1 }, print)",
            "lune.on('epoch_end', { after = math.maxinteger, every = math.maxinteger }, print)", "lune.callback({})",
            "lune.callback() { 1, 2 }",
            "lune.callback()(setmetatable({}, {}))", "lune.data.generator(print)", "#lune.data.generator(print)",
            "model:fit(lune.data.generator(function() return function() return 5 end end), { verbose = 0 })",
            "model:fit(lune.data.generator(function() return function() return lune.ones(3, 4), lune.ones(2) "
                + "end end), { verbose = 0 })",
            "lune.data.csv('/')", "lune.data.idx('/dev/null')", "lune.data.csv('x', { delimiter = '' })",
            "lune.cosine_decay(1, 1)(math.maxinteger)", "lune.cosine_decay(1, 1)(-1)", "lune.seed(-1)", "lune.help({})",
            "model:train_on_batch(x, lune.zeros(3))", "model:train_on_batch(5, 5)", "model:evaluate(x)",
            "coroutine.wrap(function() return model:fit(data, { verbose = 0, callbacks = { { on_epoch_end = "
                + "function() coroutine.yield() end } } }) end)()",
            "lune.metrics.auc { num_thresholds = math.maxinteger }",
            "model:compile { loss = 'mse', loss_weights = { 1, 2, 3 } } model:fit(data, { verbose = 0 })",
        ])
    func `A hostile line is an error or harmless`(line: String) throws {
        let state = try lune(smallModel)
        let text = line.contains(" model:fit") && line.hasPrefix("model:compile") ? line : "return \(line)"
        _ = state.failure(text)
        #expect(try state.run("return 1 + 1") == [2])
        #expect(state.stackHeight == 0)
    }
}
