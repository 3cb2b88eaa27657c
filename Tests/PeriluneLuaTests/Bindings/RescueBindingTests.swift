import PeriluneLua
import PeriluneLuaRuntime
import Testing

@Suite struct RescueBindingTests {
    @Test func `Averaging, freezing, rates of layers and rollback take their options and report`() throws {
        let state = try lune(smallModel)
        let results = try state.run(
            """
            local ema = lune.swap_ema_weights { momentum = 0.9, update_every = 2, swap_on_epoch = true }
            local best = lune.keep_best_weights { monitor = "loss" }
            local back = lune.rollback { spike = 3, on_nan = true, every = { steps = 2 }, lr_scale = 0.5, \
            max_times = 1, skip = 1 }
            local name = model.layers[1].name
            local freeze = lune.freeze_schedule { [name] = { from = 2, to = 2 } }
            local frozen = {}
            model:fit(data, { epochs = 3, batch_size = 32, verbose = 0, callbacks = {
              ema, best, back, freeze, lune.layer_learning_rates { ["*"] = 0.5, [name] = 2 },
              lune.unfreeze { [name] = 1 },
              { on_train_batch_end = function(batch, logs, run) frozen[run.epoch] = not model.layers[1].trainable end },
            } })
            assert(not frozen[1] and frozen[2] and not frozen[3])
            assert(ema.updates > 0 and ema.momentum == 0.9)
            assert(best.best_epoch >= 1)
            local swa = lune.stochastic_weight_averaging { start_epoch = 2, every = 1, lr = 0.01 }
            model:fit(data, { epochs = 3, batch_size = 32, verbose = 0, callbacks = { swa } })
            return back.times, swa.updates
            """)
        #expect(results == [.integer(0), .integer(2)])
    }

    @Test func `Wrong options are told before the first batch`() throws {
        let state = try lune(smallModel)
        func message(_ callback: String) throws -> String {
            let results = try state.run(
                """
                local ok, message = pcall(function()
                  model:fit(data, { verbose = 0, callbacks = { \(callback) } })
                end)
                assert(not ok)
                return tostring(message)
                """)
            return results.first?.string ?? ""
        }
        #expect(try message("lune.rollback { spike = 0.5 }").contains("spike"))
        #expect(try message("lune.rollback { max_tims = 1 }").contains("did you mean 'max_times'?"))
        #expect(
            try message("lune.swap_ema_weights { momentum = 1 }").contains("'momentum' must be a number of 0 or more"))
        #expect(try message("lune.freeze_schedule { ['nothing_like_it'] = { from = 1 } }").contains("layers are "))
        #expect(try message("lune.freeze_schedule { ['*'] = { from = 3, to = 2 } }").contains("after 'to'"))
        #expect(try message("lune.freeze_schedule { ['*'] = { form = 3 } }").contains("did you mean 'from'?"))
        #expect(try message("lune.unfreeze { ['*'] = 0 }").contains("integer of at least 1 expected, got 0"))
        #expect(
            try message("lune.layer_learning_rates { ['*'] = -1 }").contains("number of at least 0 expected, got -1"))
    }
}
