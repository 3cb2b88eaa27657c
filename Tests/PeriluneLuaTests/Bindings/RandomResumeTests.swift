import PeriluneData
import PeriluneGraph
import PeriluneNN
import PeriluneTestSupport
import PeriluneTrain
import Testing

@testable import PeriluneLua
@testable import PeriluneLuaRuntime

/// Callbacks that draw random numbers go on after a resume with the numbers that would have come.
@Suite struct RandomResumeTests {
    /// A rate drawn for each batch, from `math.random` in the callback and in a coroutine, and a tensor for each epoch.
    private static let callback = """
        local flip = coroutine.wrap(function() while true do coroutine.yield(math.random(2) == 1) end end)
        local callback = {
          on_train_begin = function() math.random() end,
          on_train_batch_end = function(batch, logs)
            return { lr = 0.1 * math.random() + (flip() and 0.01 or 0) }
          end,
          on_epoch_end = function(epoch, logs) logs.noise = lune.randn(3):sum():item() end,
        }
        """

    @Test func `A script's fit draws the same after a resume from any batch`() throws {
        let folder = try TemporaryFolder()
        func run(from file: LuaValue, seed: String) throws -> [LuaValue] {
            let state = try lune(smallModel)
            state.globals["path"] = .string(folder.path("run"))
            state.globals["from"] = file
            return try state.run(
                """
                \(seed)
                \(Self.callback)
                local history = model:fit(data, { epochs = 3, batch_size = 16, verbose = 0, resume = from, callbacks = {
                  callback, not from and lune.model_checkpoint { dir = path, every = { steps = 1 } } or nil } })
                local numbers = { math.random(1 << 40), lune.randn(1):item() }
                for _, w in ipairs(model:get_weights()) do numbers[#numbers + 1] = w:sum():item() end
                for _, name in ipairs { "loss", "lr", "noise" } do
                  for _, value in ipairs(history[name]) do numbers[#numbers + 1] = string.format("%a", value) end
                end
                return table.concat(numbers, " ")
                """)
        }
        let whole = try run(from: .nil, seed: "lune.seed(4)")
        for step in 1...12 {
            let file = CheckpointFolder(folder.path("run")).file(step: step)
            #expect(try run(from: .string(file), seed: "lune.seed(9) math.random() lune.randn(2)") == whole, "\(step)")
        }
    }

    /// Batches of random numbers, and of a coroutine that holds some back.
    private static let generator = """
        local function rows(count)
          return lune.data.generator(function()
            local shift = math.random()
            return coroutine.wrap(function()
              for _ = 1, count do
                coroutine.yield(lune.randn(8, 4) + shift, lune.tensor { 0, 1, 2, 0, 1, 2, 0, math.random(0, 2) })
              end
            end)
          end)
        end
        """

    @Test(arguments: ["", "steps_per_epoch = 3,"])
    func `A generator gives the same after a resume from any batch`(steps: String) throws {
        let folder = try TemporaryFolder()
        func run(from file: LuaValue) throws -> [LuaValue] {
            let state = try lune(smallModel)
            state.globals["path"] = .string(folder.path("run"))
            state.globals["from"] = file
            return try state.run(
                """
                lune.seed(4)
                \(Self.callback)
                \(Self.generator)
                local history = model:fit(rows(\(steps.isEmpty ? 4 : 12)), {
                  epochs = 3, verbose = 0, resume = from, validation = rows(2), validation_steps = 9, \
                \(steps) callbacks = {
                    callback, not from and lune.model_checkpoint { dir = path, every = { steps = 1 } } or nil } })
                local numbers = { math.random(1 << 40), lune.randn(1):item() }
                for _, w in ipairs(model:get_weights()) do numbers[#numbers + 1] = w:sum():item() end
                for _, name in ipairs { "loss", "val_loss", "lr", "noise" } do
                  for _, value in ipairs(history[name]) do numbers[#numbers + 1] = string.format("%a", value) end
                end
                return table.concat(numbers, " ")
                """)
        }
        let whole = try run(from: .nil)
        for step in 1...(steps.isEmpty ? 12 : 9) {
            let file = CheckpointFolder(folder.path("run")).file(step: step)
            #expect(try run(from: .string(file)) == whole, "\(step)")
        }
    }

    @Test func `Each use of a generator has other numbers, and each pass of one`() throws {
        let state = try lune(smallModel)
        let results = try state.run(
            """
            lune.seed(4)
            local drawn = {}
            local data = lune.data.generator(function()
              local n = 0
              return function()
                n = n + 1
                if n > 2 then return end
                drawn[#drawn + 1] = math.random(1 << 40)
                return lune.zeros(2, 4), lune.zeros(2)
              end
            end)
            local before = math.random(1 << 40)
            lune.seed(4)
            model:fit(data, { epochs = 2, verbose = 0 })
            model:fit(data, { epochs = 1, verbose = 0 })
            model:evaluate(data, { verbose = 0 })
            local unlike = {}
            for _, number in ipairs(drawn) do unlike[number] = true end
            local count = 0
            for _ in pairs(unlike) do count = count + 1 end
            return #drawn, count, math.random(1 << 40) == before
            """)
        #expect(results == [8, 8, true])
    }

    /// It loses the batch that was looked at, which is the first pass's.
    @Test func `A generator that can begin but once goes on where a run begins late`() throws {
        let state = try lune(smallModel)
        let results = try state.run(
            """
            local n, seen = 0, 0
            local function next_rows() n = n + 1 if n <= 4 then return lune.zeros(2, 4), lune.zeros(2) end end
            model:fit(lune.data.generator(function() return next_rows end), { epochs = 3, initial_epoch = 2, \
            verbose = 0,
              callbacks = { { on_train_batch_end = function() seen = seen + 1 end } } })
            return seen
            """)
        #expect(results == [3])
    }

    @Test(arguments: [ScriptProfile.trusted, .strict])
    func `A script of a Swift program draws the same after a resume from any batch`(profile: ScriptProfile) throws {
        let folder = try TemporaryFolder()
        func run(from file: String?) throws -> (weights: [Tensor], next: LuaValue) {
            let script = try LuaScript(
                source: """
                    lune = require "perilune"
                    \(Self.callback)
                    on_train_batch_end, on_epoch_end = callback.on_train_batch_end, callback.on_epoch_end
                    on_train_begin = callback.on_train_begin
                    function next_number() return math.random(1 << 40) end
                    """, profile: profile)
            let trainer = try Trainer(
                Sequential([Dense(8, activation: .tanh), Dense(10)]), optimizer: .sgd(learningRate: 0.1),
                loss: SparseCategoricalCrossentropy(), seed: file == nil ? 3 : 8)
            trainer.message = { _ in }
            var options = FitOptions()
            (options.epochs, options.batchSize, options.verbose, options.resume) = (3, 16, .silent, file)
            var every = ModelCheckpoint.Options()
            every.every = .steps(1)
            let saver = try ModelCheckpoint(
                .folder(folder.path("run"), keepLast: nil, keepBest: 0), options: every)
            let savers: [any Callback] = file == nil ? [saver] : []
            try trainer.fit(Dataset.digits().take(64), options, callbacks: [script] + savers)
            return (try trainer.getWeights(), try script.call("next_number").first ?? .nil)
        }
        let whole = try run(from: nil)
        for step in 1...12 {
            let resumed = try run(from: CheckpointFolder(folder.path("run")).file(step: step))
            let isSame = resumed.weights == whole.weights && resumed.next == whole.next
            #expect(isSame, "\(step)")
        }
    }

    @Test(arguments: [ScriptProfile.trusted, .strict])
    func `The place in the sequence can be read and set whatever a script made of math`(profile: ScriptProfile) throws {
        let state = try LuaState(profile: profile)
        try state.seedRandom(5)
        try state.run(
            """
            local random = math.random
            math.random = function() return 7 end
            function draw() return random(1 << 40), math.random() end
            """)
        let place = state.randomPosition
        #expect(place["math"]?.list?.count == 4)
        let first = try state.run("return draw()")
        #expect(first[1] == 7)
        #expect(try state.run("return draw()") != first)
        state.setRandomPosition(place)
        #expect(try state.run("return draw()") == first)
        // With the functions gone the numbers stay where they are.
        try state.run("math, draw = nil, nil")
        state.collectGarbage()
        state.setRandomPosition(place)
        #expect(state.randomPosition == place)
    }

    @Test func `What is no place in a sequence changes nothing, and an older checkpoint tells none`() throws {
        let state = try LuaState()
        try state.seedRandom(5)
        let place = state.randomPosition
        for other: StateValue in [
            .null, [:], ["math": .null], ["math": .list([1, 2, 3])], ["math": .list([0, 0, 0, 0])],
            ["math": .list([1, 2, 3, "4"])], ["seed": 1],
        ] {
            state.setRandomPosition(other)
            #expect(state.randomPosition == place)
        }
        let bare = try LuaState(libraries: .none)
        bare.setRandomPosition(place)
        #expect(bare.randomPosition["math"] == nil)
    }
}
