import Glibc
import PeriluneGraph
import PeriluneLua
import PeriluneLuaRuntime
import PeriluneTrain

/// Resumes from checkpoints whose every byte is as it was written, but that hold something else than a run wrote.
struct CheckpointFuzzer: Fuzzer {
    private static let callbacks = """
        { lune.model_checkpoint { dir = "kept", every = { steps = 2 }, overwrite = true },
          lune.early_stopping { monitor = "loss", patience = 3, restore_best_weights = true },
          lune.reduce_lr_on_plateau { monitor = "loss", patience = 1 }, lune.rollback { every = { steps = 1 } },
          lune.swap_ema_weights(), lune.csv_logger("log.csv"), lune.tensorboard("events"), \
        lune.keep_best_weights { monitor = "loss" },
          lune.lr_monitor(), lune.callback_timer(), lune.sparkline("loss"), lune.time_budget(1000), \
        lune.warm_up { steps = 3 },
          lune.gradient_monitor(), lune.throughput(), lune.history(), counter { a = 1 } }
        """
    private static let prelude = """
        counter = lune.callback()
        function counter:on_epoch_end() self.state.n = (self.state.n or 0) + 1 self.state[self.state.n] \
        = { 1.5, "x" } end
        function fit(resume)
          lune.seed(3)
          local model = lune.sequential { lune.input { 4 }, lune.dense(3), lune.batch_normalization(), \
        lune.dropout(0.1) }
          model:compile { optimizer = lune.adam { lr = 0.01 }, loss = "sparse_categorical_crossentropy",
            metrics = { "accuracy" } }
          model:fit(P.dataset[1], { epochs = 3, batch_size = 5, verbose = 0, validation = P.dataset[1], resume = resume,
            callbacks = \(callbacks) })
          return model
        end
        """

    func round(_ seed: UInt64, cases: Int, _ run: FuzzRun) throws {
        let state = try fuzzedState(run)
        try state.load(text: Self.prelude, name: "fits").run()
        var random = SplitMix(seed: seed)
        let whole = try written(by: state, &random)
        for _ in 0..<cases {
            var changed = whole
            var places: [String] = []
            repeat { changed = Self.mutated(changed, &random, "", &places) } while random.chance(0.3)
            try Checkpoint(changed).write(to: "fuzzed.ckpt")
            let text = random.pick([
                "fit('fuzzed.ckpt')", "fit('fuzzed.ckpt')", "fit('fuzzed.ckpt')", "fit():load_weights('fuzzed.ckpt')",
                "P.model[1]:fit(P.dataset[1], { epochs = 2, verbose = 0, "
                    + "callbacks = { { on_epoch_end = function(epoch) return { restore = 'fuzzed.ckpt' } end } } })",
            ])
            run.tryOut(text, of: places.joined(separator: ", "), in: state)
            guard state.stackHeight == 0 else { throw FuzzFinding("values are left on the Lua stack") }
        }
    }

    /// The state of one of the checkpoints that a sound run leaves.
    private func written(by state: LuaState, _ random: inout SplitMix) throws -> StateValue {
        try state.load(text: "fit()", name: "sound").run()
        guard let folder = opendir("kept") else { throw FuzzFinding("no checkpoints were written") }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name.hasSuffix(".safetensors") { names.append(name) }
        }
        guard let name = random.pick(names.sorted()) else { throw FuzzFinding("no checkpoints were written") }
        return try Checkpoint(contentsOf: "kept/" + name).state
    }

    /// The value with one place in it changed, which is added to `places`.
    private static func mutated(
        _ value: StateValue, _ random: inout SplitMix, _ path: String, _ places: inout [String]
    ) -> StateValue {
        switch value {
        case .record(var fields) where !fields.isEmpty && random.chance(0.95):
            let names = fields.keys.sorted()
            guard let name = random.pick(names), let field = fields[name] else { return value }
            if random.chance(0.03) {
                places.append("\(path).\(name) gone")
                fields[name] = nil
            } else {
                fields[name] = mutated(field, &random, "\(path).\(name)", &places)
            }
            return .record(fields)
        case .list(var values) where !values.isEmpty && random.chance(0.85):
            let index = random.below(values.count)
            values[index] = mutated(values[index], &random, "\(path)[\(index)]", &places)
            return .list(values)
        case .list(let values) where random.chance(0.5):
            places.append("\(path) has another length")
            return .list(random.chance(0.5) ? Array(values.dropLast()) : values + values)
        case .pairs(var pairs) where !pairs.isEmpty && random.chance(0.8):
            let index = random.below(pairs.count)
            pairs[index].value = mutated(pairs[index].value, &random, "\(path)(\(index))", &places)
            return .pairs(pairs)
        case .null, .boolean, .integer, .number, .text, .bytes, .tensor, .list, .record, .pairs:
            let other = odd(&random)
            places.append("\(path) = \(other)")
            return other
        }
    }

    private static func odd(_ random: inout SplitMix) -> StateValue {
        let values: [StateValue] = [
            .null, true, false, 0, 1, 2, -1, 1_000_000_000, .integer(.max), .integer(.min), .integer(1 << 31),
            .integer(1 << 53), 0.5, -0.5, .number(.nan), .number(.infinity), .number(-.infinity), 1e300, -1e300, 1e18,
            1e-300, "", "x", "batch", "epoch", "nan", .bytes([0, 255]), .list([]), .list([1, 2, 3]), .list(["a", "b"]),
            [:], ["x": 1], .pairs([]), .pairs([StateValue.Pair(1, "x"), StateValue.Pair(true, [:])]),
            .tensor(Tensor([Float](), shape: Shape([0]))), .tensor(Tensor([1.0], shape: Shape([]))),
            .tensor(Tensor([Float](repeating: 1, count: 12), shape: Shape([4, 3]))),
            .tensor(Tensor([Float](repeating: .nan, count: 12), shape: Shape([3, 4]))),
            .tensor(Tensor([Int32](repeating: .min, count: 3), shape: Shape([3]))),
        ]
        return values[random.below(values.count)]
    }
}
