import PeriluneLua
import PeriluneLuaRuntime
import Testing

@Suite struct CallbackBindingTests {
    @Test func `Events come in the order of the help page`() throws {
        let state = try lune(smallModel)
        let order = try state.run(
            """
            local seen = {}
            local t = {}
            for _, name in ipairs { "train_begin", "epoch_begin", "train_batch_begin", "backward_end", \
            "train_batch_end",
                "test_begin", "test_batch_begin", "test_batch_end", "test_end", "epoch_end", "checkpoint", \
            "train_end" } do
              t["on_" .. name] = function(a, b, c)
                local index = math.type(a) == "integer" and a or ""
                seen[#seen + 1] = name .. index
                local logs, run = b, c
                if index == "" then logs, run = a, b end
                assert(type(logs) == "table" and getmetatable(logs) == nil)
                assert(run.model == model)
              end
            end
            model:fit(data, { batch_size = 64, validation = data, verbose = 0, callbacks = { t } })
            return table.concat(seen, " ")
            """)
        #expect(
            order == [
                .string(
                    "train_begin epoch_begin1 train_batch_begin1 backward_end1 train_batch_end1 "
                        + "test_begin test_batch_begin1 "
                        + "test_batch_end1 test_end epoch_end1 checkpoint1 train_end")
            ])
    }

    /// What a table has by its metatable cannot be listed: taking it for an empty directive would drop what was meant.
    @Test func `A directive is a plain table, and no deeper than it may be`() throws {
        let state = try lune(smallModel)
        func message(_ directive: String) -> String {
            state.failure(
                """
                local deep = { 1 }
                for i = 1, 60 do deep = { deep, deep } end
                local round = {}
                for i = 1, 1000 do round[i] = round end
                model:fit(data, { verbose = 0, callbacks = { { on_epoch_end = function() return \(directive) end } } })
                """)?.message ?? "no error"
        }
        let plain = "must be a plain table, got one that takes its fields from a metatable (__index)"
        #expect(message("setmetatable({}, { __index = { stop = true } })").contains("a directive " + plain))
        #expect(message("setmetatable({ stop = true }, { __index = function() end })").contains(plain))
        #expect(message("{ log = setmetatable({}, { __index = { a = 1 } }) }").contains("a table in a directive "))
        #expect(message("{ freeze = setmetatable({}, { __index = { '*' } }) }").contains(plain))
        #expect(message("round").contains("unknown key '[1]'"))
        #expect(message("{ stpo = deep }").contains("unknown key 'stpo'; did you mean 'stop'?"))
        #expect(message("{ log = { a = deep } }").contains("'a' is a table"))
        #expect(message("{ freeze = deep }").contains("'freeze' must list patterns, got a table"))
        #expect(message("{ restore = { from = deep } }").contains("'restore' must be"))
        #expect(message("{ stop = deep }").contains("'stop' must be true or a reason, got a table"))
        #expect(message("setmetatable({ stop = true }, { __newindex = error })") == "no error")
    }

    @Test func `Logs hold what they should and flow on`() throws {
        let state = try lune(smallModel)
        let results = try state.run(
            """
            local kept, batch = {}, nil
            local history = model:fit(data, { epochs = 2, batch_size = 32, validation = data, verbose = 0, callbacks = {
              { on_epoch_end = function(epoch, logs) logs.score = epoch / 2 kept[epoch] = logs end,
                on_batch_end = function(n, logs) batch = logs end },
              { on_epoch_end = function(epoch, logs) assert(logs.score == epoch / 2) logs.second = true end },
            } })
            local keys = {}
            for k in pairs(kept[1]) do keys[#keys + 1] = k end
            table.sort(keys)
            local batchKeys = {}
            for k in pairs(batch) do batchKeys[#batchKeys + 1] = k end
            table.sort(batchKeys)
            return table.concat(keys, " "), table.concat(batchKeys, " "), kept[1] ~= kept[2], history.score[2], \
            history.second[1],
              math.type(batch.step), batch.size
            """)
        #expect(
            results[0] == "accuracy epoch epoch_seconds loss lr samples_per_second score step val_accuracy val_loss")
        #expect(results[1] == "accuracy loss lr running_accuracy running_loss size step")
        #expect(Array(results[2...]) == [true, 1, 1, "integer", 32])
    }

    @Test func `Callbacks see one logs table, until one of them writes to it`() throws {
        let state = try lune(smallModel)
        let results = try state.run(
            """
            local seen, same, foreign = 0, 0, 0
            local function clean(logs) assert(logs.mine == nil and logs.last == nil) end
            model:fit(data, { epochs = 2, batch_size = 32, verbose = 0, callbacks = {
              { on_train_batch_end = function(n, logs) clean(logs) first = logs end },
              { on_train_batch_end = function(n, logs) clean(logs) if first == logs then same = same + 1 end \
            logs.mine = n end },
              lune.learning_rate_scheduler(function(epoch, lr) return lr end),
              { on_train_batch_end = function(n, logs) assert(logs.mine == n and logs ~= first) second = logs end },
              { on_train_batch_end = function(n, logs) assert(logs == second) seen = seen + 1 logs.last = true end },
            } })
            return seen, same
            """)
        #expect(results == [4, 4])
    }

    @Test func `A class of callbacks has model, params and state`() throws {
        let state = try lune(smallModel)
        let results = try state.run(
            """
            local Base = lune.callback()
            function Base:on_epoch_begin(epoch) self.begun = epoch end
            local Mine = lune.callback(Base)
            function Mine:on_epoch_end(epoch, logs, run)
              self.state.count = (self.state.count or 0) + 1
              assert(self.model == model and self.params.epochs == 5 and self.params.samples == 64)
              if epoch == self.limit then self.model.stop_training = true end
            end
            local mine = Mine { limit = 3 }
            local other = Mine {}
            local history = model:fit(data, { epochs = 5, verbose = 0, callbacks = { mine, other } })
            return #history, mine.state.count, mine.begun, other.state ~= mine.state
            """)
        #expect(results == [3, 3, 3, true])
    }

    @Test func `Filters keep events out of Lua`() throws {
        let state = try lune(smallModel)
        let results = try state.run(
            """
            local a, b, c, d = {}, {}, {}, {}
            model:fit(data, { epochs = 10, batch_size = 32, verbose = 0, callbacks = {
              lune.on("epoch_end", { every = 3 }, function(epoch) a[#a + 1] = epoch end),
              lune.on("on_train_batch_end", { once = { 2, 5 } }, function(batch, logs, run) b[#b + 1] = run.step end),
              lune.on("epoch_begin", { after = 2, before = 5 }, function(epoch) c[#c + 1] = epoch end),
              lune.on("epoch_end", { when = function(epoch, logs, run) return run.epoch > 8 end }, \
            function(epoch) d[#d + 1] = epoch end),
              lune.on("train_end", function(logs, run) d[#d + 1] = run.end_reason end),
            } })
            return table.concat(a, " "), table.concat(b, " "), table.concat(c, " "), table.concat(d, " ")
            """)
        #expect(results == ["3 6 9", "2 5", "3 4", "9 10 finished"])
    }

    @Test func `Directives steer`() throws {
        let state = try lune(smallModel)
        let results = try state.run(
            """
            local rates, batches = {}, 0
            local history = model:fit(data, { epochs = 4, batch_size = 16, verbose = 0, validation = data, \
            callbacks = { {
              on_epoch_end = function(epoch, logs)
                rates[epoch] = logs.lr
                return { lr = 0.5 / epoch, beta_1 = 0.8, log = { mine = epoch } }
              end,
              on_train_batch_end = function(batch) batches = batches + 1 if batch == 2 then \
            return { end_epoch = true } end end,
            } } })
            local k = model.layers[1].kernel:clone()
            model:fit(data, { verbose = 0, callbacks = { { on_train_begin = function() \
            return { freeze = "dense" } end } } })
            local frozen = model.layers[1].kernel:eq(k):min():item()
            local stopped = model:fit(data, { epochs = 5, verbose = 0, callbacks \
            = { { on_epoch_end = function() return "stop" end } } })
            local bigger = model:fit(data, { epochs = 2, verbose = 0, callbacks \
            = { { on_epoch_end = function(e) if e == 1 then return { epochs = 3, batch_size = 64 } end end } } })
            return rates[2], batches, history.mine[4], model.optimizer.beta_1, frozen, #stopped, #bigger
            """)
        #expect(results == [0.5, 8, 4, 0.8, 1, 1, 3])
    }

    @Test func `Gradients can be read and changed`() throws {
        let state = try lune(smallModel)
        try state.run(
            """
            local norms = {}
            model:compile { optimizer = lune.sgd(0.1), loss = "sparse_categorical_crossentropy" }
            local k, b = model.layers[1].kernel:clone(), model.layers[1].bias:clone()
            model:fit(data, { batch_size = 64, verbose = 0, callbacks = { {
              on_backward_end = function(batch, logs, run)
                local g = run:gradients()
                norms[#norms + 1] = g["dense/kernel"]:norm():item()
                assert(model.layers[1].kernel.grad:norm():item() == norms[1])
                run.model.layers[1].bias.grad:assign(0)
              end } } })
            assert(#norms == 1 and norms[1] > 0)
            assert(model.layers[1].kernel:eq(k):min():item() == 0 and model.layers[1].bias:eq(b):min():item() == 1)
            """)
        #expect(
            state.failure("return model.layers[1].kernel.grad")?.message
                == "script.lua:1: the gradient of 'kernel' can be read within on_backward_end only, "
                + "and only of weights that train"
        )
    }

    @Test func `Callbacks of the library work`() throws {
        let state = try lune(smallModel)
        let results = try state.run(
            """
            local stop = lune.early_stopping { monitor = "loss", min_delta = 1000, patience = 2 }
            local seen = {}
            local kept = lune.history()
            local h = model:fit(data, { epochs = 9, verbose = 0, callbacks = { stop, kept, lune.terminate_on_nan(),
              lune.learning_rate_scheduler(function(epoch, lr) seen[#seen + 1] = epoch return lr * 0.5 end),
              lune.reduce_lr_on_plateau { monitor = "loss", patience = 100 },
              lune.callbacks.progress_bar and { on_epoch_end = function() end } } })
            return #h, stop.stopped_epoch, stop.best_epoch, stop.wait, #seen, #kept, h.stop_reason
            """)
        #expect(Array(results[..<6]) == [3, 3, 1, 2, 3, 3])
        #expect(results[6].string?.hasPrefix("loss has not improved for 2 epochs") == true)
    }

    @Test func `Evaluate and predict have events, and a run can evaluate`() throws {
        let state = try lune(smallModel)
        let results = try state.run(
            """
            local seen = {}
            local t = { on_test_begin = function() seen[#seen + 1] = "tb" end, \
            on_test_end = function(logs) seen[#seen + 1] = logs.loss and "te" end,
              on_predict_begin = function() seen[#seen + 1] = "pb" end, \
            on_predict_batch_end = function(n) seen[#seen + 1] = n end,
              on_predict_end = function() seen[#seen + 1] = "pe" end }
            model:evaluate(data, { callbacks = { t } })
            model:predict(x, { callbacks = t })
            local inner
            model:fit(data, { verbose = 0, callbacks = { { on_epoch_end = function(e, logs, run)
              inner = run:evaluate(data).loss
              assert(model:evaluate(data).loss == inner and run.epoch == 1 and run.model == model)
            end } } })
            return table.concat(seen, " "), inner > 0
            """)
        #expect(results == ["tb te pb 1 2 pe", true])
    }

    @Test func `A generator of Lua is data`() throws {
        let state = try lune(smallModel)
        let results = try state.run(
            """
            local calls = 0
            local data = lune.data.generator(function()
              calls = calls + 1
              return coroutine.wrap(function() for i = 1, 3 do coroutine.yield(lune.randn(8, 4), \
            { 0, 1, 2, 3, 0, 1, 2, 3 }) end end)
            end)
            local history = model:fit(data, { epochs = 2, verbose = 0 })
            return #history, calls, tostring(data)
            """)
        #expect(results[0] == 2)
        #expect(results[2] == "dataset: a generator")
    }

    @Test func `A script does not flood the logs`() throws {
        let state = try lune(smallModel)
        let fit = """
            return model:fit(data, { epochs = 1, verbose = 0, callbacks = { { on_epoch_end = function(_, logs)
              for i = 1, COUNT do logs["k" .. i] = i end
            end } } }).k1
            """
        #expect(try state.run(fit.replacing("COUNT", with: "1000"))[0].table?.array == [1])
        let error = try #require(state.failure(fit.replacing("COUNT", with: "100000")))
        #expect(
            error.message.contains(
                "a callback adds at most 1000 logs to an event, got 100000 (callback 'callbacks[1]', "
                    + "on_epoch_end, epoch 1)"
            ))
    }

    @Test func `No number of seconds is too large`() throws {
        let state = try lune(smallModel)
        let calls = try state.run(
            """
            local calls = {}
            for _, seconds in ipairs { 0, 1e-300, 1e18, 1e300 } do
              local count = 0
              model:fit(data, { epochs = 3, verbose = 0, callbacks = {
                lune.on("epoch_end", { seconds = seconds }, function() count = count + 1 end) } })
              calls[#calls + 1] = count
            end
            return calls
            """)
        #expect(try calls[0].table?.array == [3, 3, 1, 1])
    }
}
