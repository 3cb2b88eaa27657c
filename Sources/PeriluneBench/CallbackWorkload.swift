import Perilune

/// What the end of a training batch costs in callbacks of scripts. Each in a Lua state of its own, as `LuaScript`s are:
/// trusted, strict, and strict with limits of memory and time; one and five of them; behind a filter; and what an event
/// costs that has no listener. And all in one state, as in a script that trains.
enum CallbackWorkload {
    /// Batches in one timed fit: short fits, so that some of each kind have a processor to themselves.
    private static let batches = 1000
    /// Timed fits of a kind for one repeat.
    private static let fits = 20

    static func measure(_ settings: BenchSettings) throws -> [Measurement] {
        let trainer = try makeTrainer()
        let data = try Dataset.tensors(
            Tensor([Float](repeating: 1, count: batches * 4), shape: [batches, 4]),
            Tensor([Float](repeating: 0, count: batches), shape: [batches, 1]))
        let variants = try Variant.all()
        let script = try TrainingScript(batches: batches)
        var options = FitOptions()
        options.batchSize = 1
        options.shuffle = false
        options.verbose = .silent
        options.threads = settings.threads

        // All take turns, so that the machine's moods meet all of them.
        var nanoseconds = [[Double]](repeating: [], count: variants.count)
        for round in 0...settings.repeats * fits {
            for (index, variant) in variants.enumerated() {
                let start = ContinuousClock.now
                if let count = variant.inOneState {
                    try script.fit(callbacks: count)
                } else {
                    try trainer.fit(data, options, callbacks: variant.scripts)
                }
                let time = (ContinuousClock.now - start).inSeconds * 1e9 / Double(batches)
                if round > 0 { nanoseconds[index].append(time) }
            }
        }
        let timings = nanoseconds.map { Timings($0) }
        var lines = zip(variants, timings).map { variant, timing in
            let plain = variants.firstIndex { $0.count == 0 && ($0.inOneState == nil) == (variant.inOneState == nil) }
            return variant.measurement(timing, plain: timings[plain ?? 0])
        }
        lines.append(ratios(variants, timings))
        return lines
    }

    /// As small a model as can be: what a callback adds is to show.
    private static func makeTrainer() throws -> Trainer {
        try Trainer(
            Sequential { Dense(1) }, optimizer: .sgd(), loss: MeanSquaredError(),
            metrics: [MetricCatalogue.named("mae")], seed: 1)
    }

    /// What the strict profile costs over the trusted one: of five callbacks in the best of times, where noise counts
    /// least.
    private static func ratios(_ variants: [Variant], _ timings: [Timings]) -> Measurement {
        func five(_ profile: String) -> Double {
            let index = variants.firstIndex { $0.profile == profile && $0.scripts.count == 5 }
            return index.map { timings[$0].least - timings[0].least } ?? .nan
        }
        return Measurement(
            workload: "callbacks",
            figures: ["strict", "limited"].map {
                ($0 + "_to_trusted", .number(five($0) / five("trusted"), digits: 2))
            })
    }
}

extension CallbackWorkload {
    /// Some scripts to train with.
    struct Variant {
        /// `none`, `trusted`, `strict` (without limits), `limited` (strict with the usual limits), `script` (in the
        /// state of the script that trains).
        var profile: String
        /// `every_batch`, `every_100`, `unheard`.
        var event: String
        var scripts: [LuaScript]
        /// How many callbacks of the script that trains; nil where a Swift program trains.
        var inOneState: Int?

        var count: Int { inOneState ?? scripts.count }

        static func all() throws -> [Variant] {
            try [
                Variant("none", everyBatch, count: 0), Variant("trusted", everyBatch, count: 1),
                Variant("strict", everyBatch, count: 1), Variant("limited", everyBatch, count: 1),
                Variant("trusted", everyBatch, count: 5), Variant("strict", everyBatch, count: 5),
                Variant("limited", everyBatch, count: 5), Variant("trusted", every100, count: 1),
                Variant("limited", every100, count: 1), Variant("trusted", unheard, count: 1),
                Variant(inOneState: 0), Variant(inOneState: 1), Variant(inOneState: 5),
            ]
        }

        private init(inOneState count: Int) {
            (profile, event, scripts, inOneState) = ("script", Self.everyBatch.event, [], count)
        }

        private init(_ profile: String, _ code: (event: String, text: String), count: Int) throws {
            self.profile = profile
            event = code.event
            scripts = try (0..<count).map { number in
                let name = "callbacks_\(number).lua"
                return switch profile {
                case "strict": try LuaScript(source: code.text, name: name, profile: .strict, limits: ScriptLimits.none)
                case "limited": try LuaScript(source: code.text, name: name, profile: .strict)
                default: try LuaScript(source: code.text, name: name, profile: .trusted)
                }
            }
        }

        private static let everyBatch = (
            event: "every_batch",
            text: "local sum = 0 function on_train_batch_end(batch, logs) sum = sum + logs.loss end"
        )
        private static let every100 = (
            event: "every_100",
            text: """
            local lune, sum = require "perilune", 0
            return lune.on("train_batch_end", { every = 100 }, function(batch, logs) sum = sum + logs.loss end)
            """
        )
        private static let unheard = (
            event: "unheard", text: "local sum = 0 function on_epoch_end(epoch, logs) sum = sum + logs.loss end"
        )

        /// A line: what each of the scripts adds to a batch, or the batch itself where there are none.
        func measurement(_ timing: Timings, plain: Timings) -> Measurement {
            var figures: [(name: String, value: Measurement.Figure)] = [
                ("profile", .text(profile)), ("event", .text(event)), ("callbacks", .whole(count)),
                ("batch_ns", .number(timing.median, digits: 0)),
            ]
            if count > 0 {
                let count = Double(count)
                figures.append(("ns_per_callback", .number((timing.median - plain.median) / count, digits: 0)))
                figures.append(("min_ns_per_callback", .number((timing.least - plain.least) / count, digits: 0)))
            }
            return Measurement(workload: "callbacks", figures: figures)
        }
    }
}

extension CallbackWorkload {
    /// A script that trains as small a model, with callbacks in its own state.
    struct TrainingScript {
        private let state: LuaState
        private let train: LuaFunction

        init(batches: Int) throws {
            state = try LuaState()
            try PeriluneModule.install(in: state)
            let text = """
                local lune = require "perilune"
                local x, y = lune.ones(\(batches), 4), lune.zeros(\(batches), 1)
                local model = lune.sequential { lune.dense(1) }
                model:compile { optimizer = "sgd", loss = "mse", metrics = { "mae" } }
                return function(count)
                  local callbacks, sum = {}, 0
                  for i = 1, count do
                    callbacks[i] = { on_train_batch_end = function(batch, logs) sum = sum + logs.loss end }
                  end
                  model:fit(x, y, { batch_size = 1, shuffle = false, verbose = 0, callbacks = callbacks })
                end
                """
            guard let train = try state.load(text: text, name: "train.lua").run().first?.function else {
                throw LuaError(.runtime, "train.lua returns no function", script: "train.lua")
            }
            self.train = train
        }

        func fit(callbacks count: Int) throws { try train.call([.integer(count)]) }
    }
}
