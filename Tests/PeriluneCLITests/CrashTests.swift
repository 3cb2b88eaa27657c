import Foundation
import PeriluneTestSupport
import Testing

/// Killed and resumed equals never interrupted, bit for bit, for a whole program.
@Suite struct CrashTests {
    /// Everything at once that a run's future depends on. Writes a checkpoint at each step; prints a line before it.
    private static let script = """
        local lune = require "perilune"
        lune.seed(7)
        local folder = arg[1]
        local train, val = lune.data.digits():take(360):split(0.8)
        local model = lune.sequential { lune.dense(24, { activation = "tanh" }), lune.batch_normalization(), \
        lune.dropout(0.3), lune.dense(10) }
        model:compile {
          optimizer = lune.adam { lr = lune.schedules.cosine_decay(0.01, 200) },
          loss = "sparse_categorical_crossentropy", metrics = { "accuracy" },
        }
        local Watch = lune.callback()
        function Watch:on_train_begin() self.state.batches = 0; self.state.seen = {} end
        function Watch:on_train_batch_end(batch, logs, run)
          local state = self.state
          state.batches = state.batches + 1
          state.seen[batch] = (state.seen[batch] or 0) + logs.loss
          io.stdout:write("step\\n"):flush()
          if state.batches == 60 then return { lr_scale = 0.5 } end
          if state.batches == 90 then return { freeze = "dense" } end
          if batch == 3 then return { lr_scale = 0.95 + 0.1 * math.random() } end
        end
        function Watch:on_epoch_end(epoch, logs)
          logs.score = self.state.batches / epoch + lune.randn(1):item()
        end
        local watch = Watch {}
        local stop = lune.early_stopping { monitor = "val_loss", patience = 6, restore_best_weights = true }
        local plateau = lune.reduce_lr_on_plateau { monitor = "loss", factor = 0.7, patience = 2, min_delta = 0.01 }
        local ema = lune.swap_ema_weights { momentum = 0.9, start_from_step = 5 }
        local history = model:fit(train, {
          epochs = 30, batch_size = 48, validation = val, verbose = 0, resume = folder,
          callbacks = { watch, ema, stop, plateau,
            lune.model_checkpoint { dir = folder, every = { steps = 1 }, keep_last = 3, keep_best = 1 } },
        })
        model:save_weights(folder .. "/weights")
        local file = io.open(folder .. "/result", "w")
        for _, name in ipairs { "loss", "accuracy", "val_loss", "lr", "score", "step" } do
          for _, value in ipairs(history[name]) do file:write(name, " ", string.format("%.17g", value), "\\n") end
        end
        file:write(table.concat(history.epoch, " "), " ", history.end_reason, " ", tostring(history.stop_reason), "\\n")
        file:write(watch.state.batches, " ", stop.best, " ", stop.best_epoch, " ", stop.wait, " ", plateau.wait, " ", \
        ema.updates, "\\n")
        for batch, sum in ipairs(watch.state.seen) do file:write(batch, " ", string.format("%.17g", sum), "\\n") end
        file:close()
        """

    private struct Result: Equatable {
        var text: String
        var weights: Data
    }

    private func result(_ folder: String) throws -> Result {
        Result(
            text: try String(contentsOfFile: folder + "/result", encoding: .utf8),
            weights: try Data(contentsOf: URL(fileURLWithPath: folder + "/weights")))
    }

    @Test func `thirty kills at random moments change nothing`() throws {
        let folder = try TemporaryFolder()
        let script = try folder.write("train.lua", Self.script)
        let (whole, broken) = (folder.path("whole"), folder.path("broken"))
        #expect(try KilledRun.of(script, [whole], at: nil))
        var random = SystemRandomNumberGenerator()
        var kills: [KilledRun.Moment] = []
        for _ in 0..<30 {
            let moment = (Int.random(in: 1...8, using: &random), UInt32.random(in: 0...4000, using: &random))
            kills.append(moment)
            if try KilledRun.of(script, [broken], at: moment) { break }
        }
        #expect(try KilledRun.of(script, [broken], at: nil))
        let (expected, got) = (try result(whole), try result(broken))
        #expect(got.text == expected.text, "kills: \(kills)")
        #expect(got.weights == expected.weights, "kills: \(kills)")
        let left = try FileManager.default.contentsOfDirectory(atPath: broken)
        #expect(left.count(where: { $0.hasPrefix("step-") }) <= 4)
    }
}
