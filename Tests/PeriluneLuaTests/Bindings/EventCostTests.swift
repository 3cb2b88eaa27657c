import Perilune
import Testing

/// What a callback in Lua costs a training step. Timed in release builds alone, and against a generous bound: machines
/// that run tests are busy.
@Suite(.serialized) struct EventCostTests {
    @Test func `A batch event costs about a microsecond`() throws {
        #if !DEBUG
            let state = try lune(
                """
                 x, y = lune.randn(20000, 1), lune.randn(20000, 1)
                 model = lune.sequential { lune.input { 1 }, lune.dense(1) }
                 model:compile { optimizer = "sgd", loss = "mse", metrics = { "mae" } }
                 function seconds(callbacks)
                   local best = math.huge
                   for _ = 1, 5 do
                     local history = model:fit(x, y, { batch_size = 1, shuffle = false, verbose = 0, callbacks = callbacks })
                     best = math.min(best, history.epoch_seconds[1])
                   end
                   return best
                 end
                """)
            let results = try state.run(
                """
                local count = 0
                local quiet = seconds {}
                local heard = seconds { { on_train_batch_end = function(batch, logs, run) count = count + 1 end } }
                assert(count == 100000)
                return quiet / 20000 * 1e6, (heard - quiet) / 20000 * 1e6
                """)
            print("step \(results[0].number ?? 0) µs, event \(results[1].number ?? 0) µs more")
            #expect(try #require(results[1].number) < 5)
        #endif
    }
}
