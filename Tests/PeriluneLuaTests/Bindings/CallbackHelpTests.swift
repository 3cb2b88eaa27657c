import Testing

@testable import PeriluneBinding
@testable import PeriluneLua
@testable import PeriluneLuaRuntime

@Suite struct CallbackHelpTests {
    @Test func `each callback's page ends with an example, and all examples work`() throws {
        let state = try lune()
        for binding in CallbackBindings.functions {
            let examples = binding.help.split(separator: "\n").filter { $0.hasPrefix("lune.") }
            #expect(examples.last?.hasPrefix("lune.\(binding.name)") == true, "\(binding.help)")
            for example in examples {
                let made = try state.run("return tostring(\(example))").first?.string
                #expect(made == (binding.name == "history" ? "history: 0 epochs" : "callback \(binding.name)"))
            }
        }
    }

    @Test func `what a callback tells cannot be set, and what there is is named`() throws {
        func message(_ code: String) throws -> String? {
            try lune("stopper = lune.early_stopping {}").run("return select(2, pcall(function() \(code) end))").first?
                .string
        }
        #expect(try message("stopper.patience = 5")?.hasSuffix("'callback.patience' cannot be set") == true)
        #expect(
            try message("return stopper.foo")?.hasSuffix(
                "unknown field 'foo' of callback; it has best, best_epoch, best_step, monitor, patience, "
                    + "stopped_epoch, stopped_step, wait") == true)
        #expect(
            try message("return stopper.patiense")?.hasSuffix(
                "unknown field 'patiense' of callback; did you mean 'patience'?") == true)
    }

    @Test func `options that contradict each other are errors, in the words of the script`() throws {
        let cases = [
            ("'a.safetensors', { keep_last = 2 }", "bad field 'keep_last' in model_checkpoint (it goes with 'dir'"),
            ("'a.safetensors', { keep_best = 2 }", "bad field 'keep_best' in model_checkpoint (it goes with 'dir'"),
            ("{ dir = 'a', every = 2, save_freq = 5 }", "either 'every' or 'save_freq' expected, got both"),
            ("'a.safetensors', { save_best_only = true, save_freq = 5 }", "leave out 'every'"),
        ]
        for (options, text) in cases {
            let message = try lune().run("return select(2, pcall(lune.model_checkpoint, \(options)))").first?.string
            #expect(message?.contains(text) == true, "\(options): \(message ?? "")")
        }
    }

    @Test func `the longest times and the largest numbers trap nothing`() throws {
        let callbacks = """
            lune.on("epoch_end", { seconds = 1e300 }, function() end),
            lune.remote_monitor { root = "http://127.0.0.1:9", timeout = 1e300, retries = 0 },
            lune.stop_file("nowhere", { seconds = 1e300 }), lune.time_budget(1e300),
            lune.memory_monitor { every = { seconds = 1e300 } }, lune.warm_up { epochs = 2147483647 },
            lune.one_cycle(1, { steps = 2147483647 }), lune.early_stopping { monitor = "loss", patience = 2147483647 },
            lune.rollback { skip = 2147483647, window = 2147483647, every = { steps = 2147483647 } },
            lune.swap_ema_weights { update_every = 2147483647 }, lune.unfreeze { dense = 2147483647 },
            lune.batch_size_schedule { [2] = 2147483647 }, lune.gradient_accumulation_schedule { [2] = 2147483647 },
            """
        let epochs = try lune(smallModel).run(
            "return #model:fit(data, { epochs = 3, verbose = 0, callbacks = { \(callbacks) } }).epoch"
        )
        #expect(epochs == [3])
    }

    @Test func `a backup keeps one checkpoint or two`() throws {
        // The folder stays, because the run is stopped.
        let counts = try lune(smallModel).run(
            """
            local counts = {}
            for i, two in ipairs { true, false } do
              local folder = os.tmpname() os.remove(folder)
              model:fit(data, { epochs = 4, verbose = 0, callbacks = {
                lune.backup_and_restore(folder, { double_checkpoint = two }),
                { on_epoch_end = function(epoch) if epoch == 3 then return "stop" end end } } })
              local files = io.popen("ls " .. folder .. " | wc -l")
              counts[i] = files:read("n")
              files:close()
              os.execute("rm -r " .. folder)
            end
            return counts[1], counts[2]
            """)
        #expect(counts == [2, 1])
    }
}
