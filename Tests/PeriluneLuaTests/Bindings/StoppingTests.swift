import PeriluneLua
import PeriluneLuaRuntime
import PeriluneTestSupport
import Testing

@Suite struct StoppingBindingTests {
    @Test func `Stoppers take their options and tell what happened`() throws {
        let state = try lune(smallModel)
        let results = try state.run(
            """
            local function fit(...)
              return model:fit(data, { epochs = 9, batch_size = 16, verbose = 0, validation = data, \
            callbacks = { ... } })
            end
            local reached = lune.threshold_stopper { monitor = "loss", threshold = 1000 }
            local a = fit(reached)
            local late = lune.threshold_stopper { threshold = -1, by_epoch = 2 }
            local b = fit(late)
            local far = lune.divergence_stopper { threshold = -1, patience = 3, every = { steps = 2 } }
            local c = fit(far)
            local steps = lune.early_stopping { monitor = "loss", min_delta = 1000, patience = 2, \
            every = { steps = 3 } }
            local d = fit(steps)
            local e = fit(lune.terminate_on_nan { raise_error = false, metrics = { "loss", "val_accuracy" } },
              lune.terminate_on_nan { metrics = "all" }, lune.time_budget { hours = 1, minutes = 2.5 })
            return #a, reached.reached, #b, late.reached, b.stop_reason:match("by epoch 2") , far.stopped_epoch,
              steps.best_step - steps.stopped_step, steps.wait, e.end_reason
            """)
        #expect(results == [1, true, 2, false, "by epoch 2", 2, -6, 2, "finished"])
    }

    @Test func `Combinations stop by any or all, with callbacks of scripts among them`() throws {
        let state = try lune(smallModel)
        let results = try state.run(
            """
            local function at(n) return { name = "at" .. n, on_epoch_end = function(epoch) if epoch == n then \
            return { stop = "s" .. n } end end } end
            local Mine = lune.callback()
            function Mine:on_epoch_end(epoch) self.state.seen = epoch if epoch == 3 then \
            self.model.stop_training = true end end
            local function fit(c) return model:fit(data, { epochs = 9, verbose = 0, callbacks = { c } }) end
            local any = lune.any { at(4), at(2) }
            local a = fit(any)
            local mine = Mine {}
            local all = lune.all { mine, at(5), lune.any { lune.on("epoch_end", { once = 2 }, \
            function() return "stop" end), at(8) } }
            local b = fit(all)
            return #a, a.stop_reason, any.wishes[1], #b, mine.state.seen, #all.wishes
            """)
        #expect(results == [2, "s2", "at2", 5, 5, 3])
        #expect(
            state.failure(
                """
                model:fit(data, { verbose = 0, callbacks = { lune.all { lune.time_budget(60), \
                { on_epoch_end = function()
                  return { stopp = true }
                end } } } })
                """)?.message
                == "script.lua:1: directive: unknown key 'stopp'; did you mean 'stop'? (callback 'callbacks[2]', "
                + "on_epoch_end, epoch 1)"
        )
    }

    @Test func `A stop file is looked for where the script may read`() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("STOP", "")
        let state = try lune(smallModel)
        state.globals["path"] = .string(path)
        let results = try state.run(
            """
            local stop = lune.stop_file(path, { seconds = 0, remove = true })
            local first = model:fit(data, { epochs = 2, verbose = 0, callbacks = { stop } })
            local second = model:fit(data, { epochs = 2, verbose = 0, callbacks = { stop } })
            return #first, first.end_reason, #second, stop.path == path
            """)
        #expect(results == [0, "stopped", 2, true])
        let strict = try LuaState(profile: .strict)
        try PeriluneModule.install(in: strict)
        #expect(
            strict.failure("return require('perilune').stop_file('\(path)')")?.message.contains(
                "this script may not read '\(path)': it may read no files") == true)
    }

    @Test func `Wrong options say what is right`() throws {
        let state = try lune(smallModel)
        func message(_ code: String) -> String { state.failure("return lune.\(code)")?.message ?? "" }
        #expect(message("threshold_stopper {}").contains("threshold"))
        #expect(message("divergence_stopper {}").contains("either 'factor' or 'threshold' expected"))
        #expect(message("divergence_stopper { factor = 2, threshold = 1 }").contains("either 'factor' or 'threshold'"))
        #expect(message("time_budget {}").contains("a time expected: seconds, minutes or hours"))
        #expect(message("time_budget { minuets = 3 }").contains("did you mean 'minutes'?"))
        #expect(message("early_stopping { every = { seconds = 1 } }").contains("seconds"))
        #expect(message("terminate_on_nan { metrics = 'al' }").contains("did you mean 'all'?"))
        #expect(message("any {}").contains("any: at least one callback is needed"))
        #expect(message("all { lune.history() }").contains("it goes into the list of callbacks itself"))
        #expect(message("any { 3 }").contains("callback"))
    }
}
