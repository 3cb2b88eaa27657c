import Foundation
import PeriluneItems
import PeriluneTestSupport
import Testing

@testable import PeriluneBinding
@testable import PeriluneLua
@testable import PeriluneLuaRuntime

/// Callbacks in files, behind filters and under names do what they would do bare; and states of scripts find their
/// owners.
@Suite struct WrappedCallbackBindingTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// Ways to give `inner`, an expression, to a fit: code before it, and the list of callbacks.
    private func wrappers(_ inner: String) throws -> [(name: String, before: String, callbacks: String)] {
        let file = try folder.write("inner.lua", "local lune = require 'perilune'\nreturn \(inner)")
        let stopper = "lune.early_stopping { monitor = 'loss', patience = 100 }"
        return [
            ("bare", "", inner), ("file", "", "lune.script('\(file)')"),
            ("named", "local made = \(inner)", "lune.script('\(file)', { name = 'mine' })"),
            ("any", "", "lune.any { \(stopper), \(inner) }"), ("all", "", "lune.all { \(inner), \(stopper) }"),
            ("on", "", "lune.on('epoch_end', { every = 1 }, \(inner))"),
            ("file in any", "", "lune.any { \(stopper), lune.script('\(file)') }"),
            ("on a file", "", "lune.on('epoch_end', { every = 1 }, lune.script('\(file)'))"),
        ]
    }

    private func fit(_ before: String, _ callbacks: String, _ options: String, _ result: String) throws -> [LuaValue] {
        try lune(smallModel).run(
            """
            \(before)
            local history = model:fit(data, { epochs = 3, batch_size = 32, verbose = 0, \(options)
              callbacks = { \(callbacks) } })
            return \(result)
            """)
    }

    @Test func `A wrapped model_checkpoint writes`() throws {
        let dir = folder.path("run")
        for (name, before, callbacks) in try wrappers("lune.model_checkpoint { dir = '\(dir)', keep_last = 2 }") {
            _ = try fit(before, callbacks, "", "1")
            let files = try FileManager.default.contentsOfDirectory(atPath: dir).sorted()
            #expect(files == ["step-00000004.safetensors", "step-00000006.safetensors"], "\(name)")
            try FileManager.default.removeItem(atPath: dir)
        }
    }

    @Test func `A wrapped backup is written, gone on from, and goes`() throws {
        let dir = folder.path("backup")
        let stop = ", { on_epoch_end = function(epoch) if epoch == 2 then return 'stop' end end }"
        for (name, before, callbacks) in try wrappers("lune.backup_and_restore('\(dir)')") {
            #expect(try fit(before, callbacks + stop, "", "#history") == [2], "\(name)")
            #expect(FileManager.default.fileExists(atPath: dir), "\(name)")
            let again = try lune(smallModel).run(
                """
                \(before)
                local first
                local history = model:fit(data, { epochs = 4, batch_size = 32, verbose = 0, callbacks = { \(callbacks),
                  { on_epoch_begin = function(epoch) first = first or epoch end } } })
                return first, #history
                """)
            #expect(again == [3, 4], "\(name)")
            #expect(!FileManager.default.fileExists(atPath: dir), "\(name)")
        }
    }

    @Test func `A wrapped average ends the run`() throws {
        var ends: [LuaValue] = []
        for (_, before, callbacks) in try wrappers("lune.swap_ema_weights { momentum = 0.9 }") {
            ends += try fit(before, callbacks, "", "model:evaluate(data).loss")
        }
        #expect(Set(ends.compactMap(\.number)).count == 1)
        #expect(try fit("", "", "", "model:evaluate(data).loss") != [ends[0]])
    }

    @Test func `A file with a callback of the library steers a host's run`() throws {
        let dir = folder.path("hosted")
        let file = try folder.write(
            "steer.lua",
            "local lune = require 'perilune'\nreturn lune.any { lune.early_stopping { monitor = 'loss', "
                + "patience = 9 }, lune.model_checkpoint { dir = '\(dir)' } }")
        let state = try lune(smallModel)
        state.runHooks.scripts = [try CallbackFile(file, profile: .trusted).load()]
        try state.run("model:fit(data, { epochs = 2, batch_size = 32, verbose = 0 })")
        #expect(try FileManager.default.contentsOfDirectory(atPath: dir).count == 2)
    }

    @Test func `self_state goes to the instance that it was of`() throws {
        let path = folder.path("run.safetensors")
        func run(_ callbacks: String, epochs: Int, resume: Bool) throws -> (values: [LuaValue], remarks: [String]) {
            let state = try lune(smallModel)
            var remarks: [String] = []
            state.runHooks.message = { remarks.append($0) }
            let values = try state.run(
                """
                local Counter, Other = lune.callback(), lune.callback()
                function Counter:on_epoch_end() self.state.n = (self.state.n or 0) + 1 end
                function Other:on_epoch_end() self.state.n = (self.state.n or 100) + 1 end
                function Other:help() end
                a, b, c = Counter { step = 1 }, Counter { name = "second" }, Other {}
                local plain = { on_epoch_end = function() end }
                model:fit(data, { epochs = \(epochs), batch_size = 32, verbose = 0, callbacks = { \(callbacks),
                  lune.model_checkpoint("\(path)") }, \(resume ? "resume = '\(path)'" : "") })
                return a.state.n, b.state.n, c.state.n
                """)
            return (values, remarks.filter { $0.hasPrefix("resume: ") })
        }
        #expect(try run("a, b, c", epochs: 3, resume: false).values == [3, 3, 103])
        for order in ["c, a, b", "plain, b, plain, c, a", "{ on_train_end = print }, Counter {}, b, a, c"] {
            let (values, remarks) = try run(order, epochs: 5, resume: true)
            #expect(values == [5, 5, 105], "\(order)")
            #expect(remarks.isEmpty, "\(remarks)")
            _ = try run("a, b, c", epochs: 3, resume: false)
        }
        // What nothing tells apart is better lost than mixed up, and said.
        let (values, remarks) = try run("c, Counter { step = 2 }, Counter { step = 3 }, b", epochs: 4, resume: true)
        #expect(values == [.nil, 4, 104])
        #expect(remarks.count == 1 && remarks[0].contains("Give each a 'name'"), "\(remarks)")
    }

    @Test func `Every callback takes a name`() throws {
        for binding in CallbackBindings.functions where binding.name != "history" {
            #expect(
                binding.options.contains { ["name", "label"].contains($0.name) }, "\(binding.name) takes no name")
        }
        let names = try fit(
            "local names = {}",
            """
            lune.time_budget(1000, { name = "clock" }), lune.any { lune.time_budget(9), name = "either" },
            lune.freeze_schedule({ dense = { to = 1 } }, { name = "cold" }),
            lune.hyperparameter_scheduler("beta_1", function(_, value) return value end, { label = "beta" }),
            { name = "table", on_train_begin = function(logs, run)
              for _, callback in ipairs(run.callbacks) do table.insert(names, callback.name) end end }
            """, "", "table.concat(names, ' ')")
        #expect(names == ["clock either cold beta table"])
        #expect(
            #expect(throws: LuaError.self) { try fit("", "lune.time_budget(9, { name = '' })", "", "1") }?.message
                .contains("'name' is empty") == true)
    }
}

/// What an instance of a class is told of runs within runs.
@Suite struct InstanceRunTests {
    @Test func `self_params and self_model are those of the fit again after what ran within it, or after it`() throws {
        let values = try lune(smallModel).run(
            """
            local other = lune.sequential { lune.input { 4 }, lune.dense(4) }
            other:compile { optimizer = "sgd", loss = "sparse_categorical_crossentropy" }
            local Mine, seen = lune.callback(), {}
            function Mine:on_epoch_end(epoch)
              if self.busy then return end
              self.busy = true
              self.model:evaluate(data, { callbacks = { self } })
              other:fit(data, { epochs = 7, verbose = 0, callbacks = { self } })
              self.busy = false
              seen[epoch] = self.model == model and self.params.epochs == 3
            end
            local mine = Mine {}
            model:fit(data, { epochs = 3, verbose = 0, callbacks = { mine } })
            local kept = mine.params.epochs
            model:evaluate(data, { callbacks = { mine } })
            model:predict(x, { callbacks = { mine } })
            return seen[1], seen[2], seen[3], kept, mine.params.epochs, mine.model == model
            """)
        #expect(values == [true, true, true, 3, 3, true])
    }

    @Test func `A stopper that also takes part in evaluations stops where it would have`() throws {
        let epochs = try lune(smallModel).run(
            """
            local es = lune.early_stopping { monitor = 'loss', min_delta = 100, patience = 4 }
            local history = model:fit(data, { epochs = 10, verbose = 0, callbacks = { es,
              { on_epoch_end = function(epoch, logs, run) model:evaluate(data, { callbacks = { es } }) end } } })
            model:evaluate(data, { callbacks = { es } })
            return #history, es.best_epoch, es.stopped_epoch
            """)
        #expect(epochs == [5, 1, 5])
    }
}
