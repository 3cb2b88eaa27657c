import Foundation
import Perilune
import PeriluneTestSupport
import Testing

/// Loggers and watching callbacks, as scripts make them.
@Suite struct WatchingBindingTests {
    @Test func `everything that watches runs together`() throws {
        let folder = try TemporaryFolder()
        let state = try lune(smallModel)
        state[global: "folder"] = .string(folder.path(""))
        let results = try state.run(
            """
            local samples = {}
            local rates, timer = lune.lr_monitor { every = { steps = 1 } }, lune.callback_timer { verbose = false }
            local watched = lune.gradient_monitor { layers = "*", statistics = { "norm", "zeros" } }
            local history = model:fit(data, { epochs = 2, verbose = 0, callbacks = {
              timer, watched, lune.weight_monitor {}, lune.activation_monitor { every = { steps = 1 }, layers = "*" },
              lune.throughput(), lune.memory_monitor(), rates,
              lune.sample { every = 1, run = function(m, run)
                samples[#samples + 1] = m == model and run.epoch or "wrong"
              end },
              lune.csv_logger(folder .. "/log.csv"),
              lune.json_logger(folder .. "/log.jsonl", { every = { steps = 1 } }),
              lune.tensorboard(folder .. "/board", {
                update_freq = "batch", histogram_freq = 1, write_images = true, profile_batch = 0 }) } })
            local lines = 0
            for _ in io.lines(folder .. "/log.jsonl") do lines = lines + 1 end
            return table.concat(samples, " "), #history.grad_norm, #history.weight_norm, #history.activation_std,
              #history.steps_per_second, #history.memory_rss, #rates.steps > 0, #timer.times > 5,
              watched.grad_norm > 0, lines > 2
            """)
        #expect(results == ["1 2", 2, 2, 2, 2, 2, true, true, true, true])
    }

    @Test func `a sampler's function steers the run, and its errors have their place`() throws {
        let state = try lune(smallModel)
        #expect(
            try state.run(
                """
                return #model:fit(data, { epochs = 9, verbose = 0, callbacks = {
                  lune.sample { every = 3, run = function() return "stop" end } } }).epoch
                """) == [3])
        let message = try state.run(
            """
            return select(2, pcall(model.fit, model, data, { verbose = 0, callbacks = {
              lune.sample { run = function() error("odd") end } } }))
            """
        )[0].string
        #expect(message?.contains("script.lua:2: odd") == true, "\(message ?? "")")
        #expect(message?.contains("(callback 'sample', on_epoch_end, epoch 1)") == true, "\(message ?? "")")
    }

    @Test(
        arguments: [
            ("lune.remote_monitor { root = 'ftp://x' }", "remote_monitor: the address must begin with http"),
            ("lune.remote_monitor { verify = '/nowhere' }", "cannot read the certificates in '/nowhere'"),
            ("lune.remote_monitor { verify = 1 }", "boolean or string expected, got 1"),
            ("lune.gradient_monitor { statistics = { 'nrom' } }", "did you mean 'norm'?"),
            ("lune.tensorboard('x', { update_freq = 'bacth' })", "did you mean 'batch'?"),
            ("lune.tensorboard('x', { write_images = true })", "'write_images' goes with 'histogram_freq'"),
            ("lune.tensorboard('x', { embeddings_metadata = 'w' })", "goes with 'embeddings_freq'"),
            ("lune.tensorboard('x', { profile_batch = 2 })", "callback_timer and throughput say where the time goes"),
            ("lune.tensorboard('x', { profile_batch = { 2, 4 } })", "only 0 is taken"),
            ("lune.json_logger('x', { every = { step = 1 } })", "did you mean 'steps'?"),
            ("lune.sample { every = 1 }", "run"), ("lune.throughput { window = 0 }", "window"),
            ("lune.sparkline { width = 1 }", "width"), ("lune.csv_logger('x', { criticl = true })", "'critical'"),
        ])
    func `wrong options are errors at once`(expression: String, expected: String) throws {
        let results = try lune().run("return pcall(function() return \(expression) end)")
        #expect(results[0] == false)
        #expect(results[1].string?.contains(expected) == true, "\(results[1])")
    }

    @Test func `a logger that cannot write is a warning, and an error where it is critical`() throws {
        let state = try lune(smallModel)
        let results = try state.run(
            """
            local path = "/proc/nowhere/all.csv"
            local quiet = lune.csv_logger(path)
            local history = model:fit(data, { epochs = 2, verbose = 0, callbacks = { quiet } })
            local ok, message = pcall(model.fit, model, data, { verbose = 0, callbacks = {
              lune.csv_logger(path, { critical = true }) } })
            return #history.epoch, quiet.failure, ok, message
            """)
        #expect(results[0] == 2)
        #expect(results[1] == "csv_logger: /proc/nowhere: cannot be made: No such file or directory")
        #expect(results[2] == false)
        #expect(results[3].string?.contains("csv_logger: /proc/nowhere: cannot be made") == true)
    }

    @Test(
        arguments: [
            ("lune.json_logger('/nowhere/log.jsonl')", "may not write '/nowhere/log.jsonl'"),
            ("lune.tensorboard('/nowhere/log')", "may not write '/nowhere/log'"),
            ("lune.csv_logger('/nowhere/log.csv')", "may not write '/nowhere/log.csv'"),
            ("lune.remote_monitor()", "may not use the network"),
        ])
    func `loggers are no way out for a strict script`(expression: String, expected: String) throws {
        let state = try LuaState(profile: .strict)
        try PeriluneModule.install(in: state)
        let results = try state.run("lune = require 'perilune' return pcall(function() return \(expression) end)")
        #expect(results[0] == false)
        let message = results[1].string ?? ""
        #expect(message.contains(expected) || message.contains("there is no folder for"), "\(results[1])")
    }

    @Test func `certificates are files to read, which a script has to be granted`() throws {
        let state = try LuaState(access: FileAccess(readable: ["/proc"], writable: nil))
        try PeriluneModule.install(in: state)
        try state.run("lune = require 'perilune'")
        let results = try state.run(
            """
            return select(2, pcall(lune.remote_monitor, { verify = "/etc/passwd" })),
              tostring(lune.remote_monitor { verify = "/proc/version" }), \
            tostring(lune.remote_monitor { verify = false })
            """)
        #expect(results[0].string?.contains("may not read '/etc/passwd'") == true, "\(results[0])")
        #expect(results.dropFirst() == ["callback remote_monitor", "callback remote_monitor"])
    }

    @Test func `words of an embedding are looked for in log_dir, where the script may read`() throws {
        let folder = try TemporaryFolder()
        _ = try folder.write("board/words.tsv", "a\nb\nc\n")
        func train(_ access: FileAccess, _ words: String) throws -> String? {
            let state = try LuaState(profile: .strict, access: access)
            try PeriluneModule.install(in: state)
            state[global: "folder"] = .string(folder.path("board"))
            return try state.run(
                """
                local lune = require "perilune"
                local model = lune.sequential { lune.embedding(3, 2), lune.flatten(), lune.dense(1) }
                model:compile { optimizer = "sgd", loss = "mse" }
                local data = lune.data.tensors(lune.tensor({ { 0 }, { 1 }, { 2 } }, { dtype = "int32" }), \
                lune.zeros(3, 1))
                return select(2, pcall(function()
                  local board = lune.tensorboard(folder, { embeddings_freq = 1, embeddings_metadata = \(words) })
                  model:fit(data, { epochs = 1, verbose = 0, callbacks = { board } })
                  return board.failure
                end))
                """
            ).first?.string
        }
        let granted = FileAccess(readable: [folder.url.path], writable: [folder.url.path])
        for words in ["'words.tsv'", "{ embedding = 'words.tsv' }", "{ ['emb*'] = folder .. '/words.tsv' }"] {
            #expect(try train(granted, words) == nil)
            let copy = folder.path("board/train/metadata_1.tsv")
            #expect(FileManager.default.contentsEqual(atPath: copy, andPath: folder.path("board/words.tsv")))
            try FileManager.default.removeItem(atPath: copy)
        }
        let unread = FileAccess(readable: [], writable: [folder.url.path])
        #expect(try train(unread, "'words.tsv'")?.contains("bad field 'embeddings_metadata' in tensorboard") == true)
        #expect(try train(granted, "'../../secret'")?.contains("may not read") == true)
        #expect(try train(.everything, "'words.tsv'") == nil)
    }
}
