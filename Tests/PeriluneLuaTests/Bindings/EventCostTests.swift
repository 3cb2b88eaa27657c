import CAllocationCounter
import Perilune
import Testing

/// What a callback in Lua costs a training step, in heap allocations of Swift and of Lua.
///
/// A fit of 400 batches is held against one of 200: what is set up once falls out of the difference.
@Suite(.serialized, .enabled(if: perilune_can_count_allocations())) struct EventCostTests {
    private func allocations(_ callback: String) throws -> Int {
        let state = try lune(
            """
            x, y = lune.randn(400, 1), lune.randn(400, 1)
            model = lune.sequential { lune.input { 1 }, lune.dense(1) }
            model:compile { optimizer = "sgd", loss = "mse", metrics = { "mae" } }
            function fit(batches)
              collectgarbage() collectgarbage("stop")
              local history = model:fit(x, y, {
                batch_size = 1, steps_per_epoch = batches, shuffle = false, verbose = 0, callbacks = { \(callback) } })
              collectgarbage("restart")
              return #history
            end
            """)
        let fit = try #require(state[global: "fit"].function)
        func cost(_ batches: Int) throws -> Int {
            perilune_count_allocations()
            _ = try fit.call([.number(Double(batches))])
            return Int(perilune_counted_allocations())
        }
        for batches in [200, 400] { _ = try cost(batches) }
        return try cost(400) - cost(200)
    }

    @Test func `An event that nobody hears allocates nothing`() throws {
        #expect(try abs(allocations("")) < 8)
    }

    /// The logs are the script's own to keep: Lua makes a table of two blocks, one for all callbacks of the event.
    @Test func `Callbacks share the logs of an event`() throws {
        let callback = "{ on_train_batch_end = function(batch, logs) last = logs.loss end },"
        let (one, five) = (try allocations(callback), try allocations(String(repeating: callback, count: 5)))
        // Where nothing is optimized, a call takes one allocation in Swift.
        #if DEBUG
            let call = 200
        #else
            let call = 0
        #endif
        #expect(abs(one - 2 * 200 - call) < 8)
        #expect(abs(five - one - 4 * call) < 8)
    }
}
