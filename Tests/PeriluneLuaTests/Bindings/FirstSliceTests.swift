import PeriluneData
import PeriluneLua
import PeriluneLuaRuntime
import Testing

@Suite struct FirstSliceTests {
    @Test func `The example of the front page runs`() throws {
        let state = try lune()
        let results = try state.run(
            """
            local lune = require "perilune"
            lune.seed(42)
            local train, val = lune.data.digits():shuffle():split(0.8)
            local model = lune.sequential {
              lune.dense(128, { activation = "relu" }),
              lune.dropout(0.1),
              lune.dense(10),
            }
            model:compile { optimizer = lune.adam { lr = 1e-3 }, loss = "sparse_categorical_crossentropy", \
            metrics = { "accuracy" } }
            local seen = {}
            local history = model:fit(train, {
              epochs = 30, batch_size = 32, validation = val, verbose = 0,
              callbacks = {
                lune.early_stopping { monitor = "val_loss", patience = 5, restore_best_weights = true },
                { on_epoch_end = function(epoch, logs, run)
                    seen[#seen + 1] = logs.val_accuracy
                    if logs.val_accuracy > 0.95 then return { stop = "good enough" } end
                    if epoch % 10 == 0 then return { lr = logs.lr * 0.5 } end
                  end },
              },
            })
            return history.val_accuracy[#history.val_accuracy], #seen, #history, history.end_reason, history.stop_reason
            """)
        #expect((results[0].number ?? 0) > 0.95)
        #expect(results[1] == results[2])
        #expect(results[3] == "stopped")
        #expect(results[4] == "good enough")
    }
}
