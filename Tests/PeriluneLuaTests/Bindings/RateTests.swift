import PeriluneLua
import PeriluneLuaRuntime
import PeriluneTestSupport
import Testing

@Suite struct RateBindingTests {
    @Test func `Schedulers take functions of epochs and steps, schedules and tensors`() throws {
        let state = try lune(smallModel)
        let results = try state.run(
            """
            local function fit(c, options)
              model:compile { optimizer = lune.sgd { lr = 1, momentum = 0.5 }, \
            loss = "sparse_categorical_crossentropy" }
              options = options or {}
              options.verbose, options.batch_size, options.callbacks = 0, 32, { c }
              return model:fit(data, options)
            end
            local seen = {}
            fit(lune.learning_rate_scheduler(function(step, lr) seen[#seen + 1] = step return lr / 2 end, \
            { every = { steps = 2 } }), { epochs = 2 })
            local a = model.optimizer.lr
            fit(lune.learning_rate_scheduler(lune.schedules.exponential_decay(1, 1, 0.5)), { epochs = 3 })
            local b = model.optimizer.lr
            fit(lune.learning_rate_scheduler(function(epoch) return lune.tensor(0.25) end))
            local c = model.optimizer.lr
            fit(lune.learning_rate_scheduler(function(epoch) return 2 end))
            local d = model.optimizer.lr
            fit(lune.hyperparameter_scheduler("momentum", function(epoch, value) return value + 0.125 end), \
            { epochs = 2 })
            return table.concat(seen, " "), a, b, c, d, model.optimizer.momentum
            """)
        #expect(results == ["1 3", 0.25, 0.25, 0.25, 2, 0.75])
        #expect(
            state.failure(
                """
                local function fast() return "fast" end
                local scheduler = lune.hyperparameter_scheduler("momentum",
                  function() return fast() end)
                model:fit(data, { verbose = 0, callbacks = { scheduler } })
                """)?.message == "script.lua:3: the schedule must return a number, got 'fast' (callback "
                + "'hyperparameter_scheduler', on_epoch_begin, epoch 1)")
    }

    @Test func `Warm-up, one cycle and restarts`() throws {
        let state = try lune(smallModel)
        let results = try state.run(
            """
            local function rates(c)
              model:compile { optimizer = lune.sgd { lr = 1, momentum = 0.5 }, \
            loss = "sparse_categorical_crossentropy" }
              local seen = {}
              model:fit(data, { epochs = 2, batch_size = 16, verbose = 0, callbacks = { c,
                { on_train_batch_end = function(_, _, run) seen[#seen + 1] = run.optimizer.lr end } } })
              return seen
            end
            local warm = rates(lune.warm_up { steps = 4, from = 0.5 })
            local epochs = rates(lune.warm_up { epochs = 1 })
            local cycle = rates(lune.one_cycle(0.4, { pct_start = 0.5, anneal = "linear", base_momentum = 0.25, \
            max_momentum = 0.75 }))
            local restarts = rates(lune.cosine_restarts { first = { epochs = 1 }, t_mul = 1, m_mul = 0.5 })
            local schedule = lune.schedules.cosine_decay_restarts(1, 4, { t_mul = 1, m_mul = 0.5 })
            for i = 1, 8 do assert(restarts[i] == schedule(i - 1)) end
            return warm[2], warm[8], epochs[3], math.abs(cycle[4] - 0.4) < 1e-12, model.optimizer.momentum, restarts[5]
            """)
        #expect(results == [0.625, 1, 0.5, true, 0.5, 0.5])
    }

    @Test func `Plans change batch size and accumulation`() throws {
        let state = try lune(smallModel)
        let results = try state.run(
            """
            local sizes, seen = {}, {}
            model:fit(data, { epochs = 3, batch_size = 16, verbose = 0, callbacks = {
              lune.batch_size_schedule { [2] = 32, [3] = 64 },
              { on_train_batch_end = function(_, logs) sizes[#sizes + 1] = logs.size end } } })
            local first = model.optimizer.lr
            local h = model:fit(data, { epochs = 3, batch_size = 16, verbose = 0, callbacks = {
              lune.gradient_accumulation_schedule { 1, 2 },
              { on_epoch_end = function(epoch, _, run)
                  seen[epoch] = run.params.accumulate
                  if epoch == 2 then return { accumulate = 4 } end
                end } } })
            return table.concat(sizes, " "), h.step[2] - h.step[1], h.step[3] - h.step[2], table.concat(seen, " ")
            """)
        #expect(results == ["16 16 16 16 32 32 64", 2, 1, "1 2 4"])
    }

    @Test func `The learning-rate finder leaves the model as it was`() throws {
        let folder = try TemporaryFolder()
        let state = try lune(smallModel)
        state.globals["path"] = .string(folder.path("rates.svg"))
        let results = try state.run(
            """
            local before, step = model:get_weights(), model.optimizer.lr
            local found = model:find_lr(data, { batch_size = 16, steps = 50, smoothing = 0.5, to = 100, svg = path })
            for i, w in ipairs(model:get_weights()) do assert(w:eq(before[i]):min():item() == 1) end
            assert(model.optimizer.lr == step and #found.rates == #found.losses and #found.losses == #found.smoothed)
            assert(found.suggestion > found.rates[1] and found.tenth_of_minimum * 10 == found.minimum)
            local finder = lune.lr_finder { steps = 10, verbose = false }
            local history = model:fit(data, { epochs = 1, batch_size = 16, verbose = 0, callbacks = { finder } })
            return found.plot:match("loss over learning rate") ~= nil, #finder.rates, history.end_reason, \
            io.open(path):read("l"):sub(1, 4)
            """)
        #expect(results == [true, 10, "stopped", "<svg"])
    }

    @Test func `Scripts resume combinations, plans and schedules exactly`() throws {
        let folder = try TemporaryFolder()
        let script = """
            local Mine = lune.callback()
            function Mine:on_epoch_end(epoch)
              self.state.count = (self.state.count or 0) + 1
              if self.state.count == 2 then return { stop = "mine" } end
            end
            local saver = lune.model_checkpoint { dir = path, overwrite = not from }
            local both = lune.all { Mine {}, lune.early_stopping { monitor = "loss", min_delta = 9, patience = 4 } }
            local history = model:fit(data, { epochs = 9, batch_size = 16, verbose = 0, resume = from, callbacks = {
              both, lune.warm_up { epochs = 3 }, lune.cosine_restarts { first = 5 },
              lune.gradient_accumulation_schedule { [2] = 3, [4] = 2 }, saver } })
            local numbers = {}
            for _, w in ipairs(model:get_weights()) do
              numbers[#numbers + 1] = string.format("%a %a", w:norm():item(), w:sum():item())
            end
            return table.concat(numbers, " "), #history, history.stop_reason, table.concat(history.lr, " "), \
            saver.files[2]
            """
        func run(from file: LuaValue) throws -> [LuaValue] {
            let state = try lune(smallModel)
            state.globals["path"] = .string(folder.path("run"))
            state.globals["from"] = file
            return try state.run(script)
        }
        let whole = try run(from: .nil)
        #expect(whole[1] == 5)
        #expect(whole[2].string?.hasPrefix("mine; loss has not improved for 4 epochs") == true)
        let resumed = try run(from: whole[4])
        #expect(Array(resumed[..<4]) == Array(whole[..<4]))
    }

    @Test func `Wrong options say what is right`() throws {
        let state = try lune(smallModel)
        func message(_ code: String) -> String { state.failure("return \(code)")?.message ?? "" }
        #expect(message("lune.warm_up {}").contains("'steps' or 'epochs' expected"))
        #expect(message("lune.warm_up { steps = 1, epochs = 2 }").contains("got both"))
        #expect(message("lune.one_cycle {}").contains("max_lr"))
        #expect(message("lune.one_cycle { max_lr = 1, aneal = 'cos' }").contains("did you mean 'anneal'?"))
        #expect(
            message("lune.cosine_restarts { first = { steps = 1, epochs = 1 } }").contains("either steps or epochs"))
        #expect(message("lune.batch_size_schedule { [0] = 32 }").contains("got [0] = 32"))
        #expect(message("lune.gradient_accumulation_schedule { first = 2 }").contains("got 'first' = 2"))
        #expect(message("lune.lr_finder { from = 1, to = 0.5 }").contains("'to' must be a finite number above 'from'"))
        #expect(
            message(
                "model:fit(data, { verbose = 0, callbacks = { lune.hyperparameter_scheduler('beta1', "
                    + "function() end) } })"
            ).contains("adam has no hyper-parameter 'beta1'; did you mean 'beta_1'?"))
    }
}
