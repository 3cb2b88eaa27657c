import Perilune
import Testing

/// The sweep over what scripts do with the module: models are built and trained, callbacks of every kind called.
@Suite struct ModuleSweepTests {
    private static let text = """
        local model = lune.sequential { lune.input { 4 }, lune.dense(3, { activation = "relu" }), lune.dense(3) }
        model:compile { optimizer = lune.sgd { lr = 0.1 }, loss = "sparse_categorical_crossentropy", \
        metrics = { "accuracy" } }
        local Counting = lune.callback()
        function Counting:on_train_batch_end(batch, logs, run) self.count = (self.count or 0) + batch end
        local counting, calls = Counting { weight = 2 }, 0
        local history = model:fit(data, { epochs = 2, batch_size = 4, verbose = 0, validation = data, callbacks = {
          { on_epoch_end = function(epoch, logs, run)
              logs.score = logs.val_loss * 2
              calls = calls + (run.epoch == epoch and 1 or 0)
              if epoch == 1 then return { lr = logs.lr * 0.5, log = { more = 1 } } end
            end },
          lune.on("train_batch_begin", { every = 2 }, function(batch, logs, run) calls = calls + 1 end),
          counting, lune.script(path), lune.early_stopping { monitor = "val_loss", patience = 5 } } })
        local rows = lune.data.generator(function()
          local n = 0
          return function() n = n + 1 if n <= 2 then return lune.ones(2, 4), lune.zeros(2) end end
        end)
        local result = model:evaluate(rows, { verbose = 0 })
        local wrong = select(2, pcall(lune.dense, "many"))
        local inner = select(2, pcall(model.fit, model, data, { verbose = 0, callbacks = { { on_epoch_end = function()
          error({ code = 7 }) end } } }))
        local co = coroutine.wrap(function(x) while true do x = coroutine.yield(model:predict(x)) end end)
        local text = tostring(co(x)) .. tostring(model) .. tostring(model.layers[1].kernel)
        lune.help("dense")
        return #history.loss == 2 and history.score[2] == history.val_loss[2] * 2 and history.more[1] == 1
          and calls > 4 and counting.count > 2 and result.loss > 0 and type(wrong) == "string" and inner ~= nil
          and #text > 100 and co(x).shape[2] == 3 and shown > 50
        """

    @Test(arguments: AllocationSweep.Mode.allCases)
    func `A script that builds and trains a model may find no memory`(mode: AllocationSweep.Mode) throws {
        let file = try ScriptFile("function on_epoch_begin(epoch, logs) seen = { (seen and seen[1] or 0) + epoch } end")
        let state = try lune(
            " function print(text) shown = #text end x = lune.randn(12, 4) data = lune.data.tensors(x, "
                + "lune.randn(12, 3):argmax(2))"
        )
        state[global: "path"] = .string(file.path)
        let chunk = try state.load(text: Self.text, name: "script.lua", isFile: true)
        func sweep(_ sweep: AllocationSweep) -> AllocationSweep.Outcome {
            sweep.run(state) {
                try chunk.run()
            } expecting: {
                $0 == [true]
            }
        }
        for _ in 0..<2 { #expect(try chunk.run() == [true]) }
        let registry = settledRegistry(state)
        let outcome = sweep(AllocationSweep(mode: mode))
        #expect(outcome.end > 100)
        if mode != .collecting { #expect(outcome.memoryErrors > 20) }
        #expect(try chunk.run() == [true])
        #expect(settledRegistry(state) <= registry)
        // What fails is kept by nobody. Tables of Lua and of the bridge keep the size that they once needed, so only a
        // second sweep shows it.
        let memory = state.memoryUse
        _ = sweep(AllocationSweep(mode: mode, dense: 1, stride: 3))
        #expect(settledRegistry(state) <= registry)
        #expect(state.memoryUse <= memory + 1024)
        state.close()
    }

    @Test(arguments: AllocationSweep.Mode.allCases)
    func `A callback script of a host may find no memory`(mode: AllocationSweep.Mode) throws {
        let script = try LuaScript(
            source: """
                local kept = {}
                function on_epoch_begin(epoch, logs, run) kept = { epoch, tostring(run.epoch) } end
                function on_train_batch_end(batch, logs, run) kept[#kept + 1] = { logs.loss } end
                function on_epoch_end(epoch, logs, run)
                  logs.score = #kept
                  local ok, message = pcall(function() return { ("x"):rep(10), run.model.layers[1].kernel:norm() } end)
                  if epoch == 2 then return { stop = "good " .. epoch } end
                end
                """, name: "callbacks.lua")
        let model = Sequential {
            Dense(2, activation: .relu)
            Dense(3)
        }
        let trainer = try Trainer(
            model, optimizer: .sgd(learningRate: 0.1), loss: SparseCategoricalCrossentropy(), seed: 0)
        let data = try Dataset.iris().take(12)
        func fit() throws -> [LuaValue] {
            let history = try trainer.fit(data, epochs: 3, batchSize: 5, callbacks: [script], verbose: .silent)
            return [.integer(history["loss"]?.count ?? 0), .number(history["score"]?.last ?? 0)]
        }
        for _ in 0..<2 { #expect(try fit() == [2, 5]) }
        let (registry, memory) = (settledRegistry(script.state), script.state.memoryUse)
        let outcome = AllocationSweep(mode: mode).run(script.state, fit) { $0 == [2, 5] }
        #expect(outcome.end > 30)
        // A strict script cannot go on as if nothing had happened.
        if mode != .collecting { #expect(outcome.memoryErrors == outcome.runs - 1 && outcome.otherErrors == 0) }
        #expect(try fit() == [2, 5])
        #expect(settledRegistry(script.state) <= registry)
        #expect(script.state.memoryUse <= memory + 8192)
    }

    /// The registry's size when nothing is left but what is held.
    private func settledRegistry(_ state: LuaState) -> Int {
        for _ in 0..<3 { state.collectGarbage() }
        return state.registryCount
    }
}
