import Perilune
import PeriluneBinding
import PeriluneLua
import Testing

/// What a script hands to the host is counted, whoever reads it: a small table in Lua may be an endless one to read.
@Suite struct BudgetTests {
    private static let limits = ScriptLimits(memory: 256 << 20, time: .seconds(60), values: 500)
    /// Looking at the limits is done once for so many values.
    private static let interval = 200

    private func strict(_ text: String) throws -> LuaScript {
        try LuaScript(source: text, name: "callbacks.lua", profile: .strict, limits: Self.limits)
    }

    private func fit(_ script: LuaScript) throws -> History {
        let model = Sequential { Dense(3) }
        let trainer = try Trainer(model, optimizer: .sgd(learningRate: 0.1), loss: SparseCategoricalCrossentropy())
        return try trainer.fit(
            Dataset.iris().take(12), epochs: 3, batchSize: 6, callbacks: [script], verbose: .silent)
    }

    private func failure(_ text: String) throws -> LuaError {
        let script = try strict(text)
        let error = try #require(throws: (any Error).self) { try fit(script) }
        #expect(script.state.budget.mostValuesRead <= Self.limits.values + Self.interval)
        return try #require(error as? LuaError ?? (error as? TrainingError)?.underlying as? LuaError)
    }

    @Test func `A directive is read within the budget`() throws {
        let error = try failure(
            """
            function on_epoch_end()
              local t = {}
              for i = 1, 1000 do t["k" .. i] = t end
              return { log = t }
            end
            """)
        #expect(error.kind == .memory)
        #expect(error.message.contains("more than 500 values in one call or result"))
        // Unknown keys are refused before what stands under them is read.
        for text in [
            "for i = 1, 1000 do t[i] = t end return t", "for i = 1, 9 do t['k' .. i] = t end return { lg = t }",
        ] {
            #expect(try failure("function on_epoch_end() local t = {} \(text) end").message.contains("unknown key"))
        }
        #expect(try failure("function on_epoch_end() return { [1] = 2 } end").message.contains("unknown key"))
    }

    @Test(arguments: ["local t = {1} for i = 1, 60 do t = {t, t} end state.x = t", "state.x = {} state.x.x = state.x"])
    func `State is read within the budget`(fill: String) throws {
        let script = try strict("state = {} function on_epoch_end() \(fill) end")
        try script.state.run("on_epoch_end()")
        #expect(throws: (any Error).self) { try script.savedState }
        #expect(script.state.budget.mostValuesRead <= Self.limits.values + Self.interval)
        try script.state.run("state.x = { 1, 2, { 3 } }")
        #expect(try script.savedState["state"]?["x"] == .list([.integer(1), .integer(2), .list([.integer(3)])]))
    }

    @Test func `Tables shared within a tensor are read within the budget`() throws {
        let error = try failure(
            """
            local lune = require 'perilune'
            function on_epoch_end()
              local t = {}
              for i = 1, 64 do t[i] = i end
              for _ = 1, 4 do local row = t t = {} for i = 1, 32 do t[i] = row end end
              lune.tensor(t)
            end
            """)
        #expect(error.message.contains("more than 500 values"))
    }

    @Test func `A flat list of numbers counts for its memory alone`() throws {
        let script = try strict(
            "local t = {} for i = 1, 100000 do t[i] = i end n = require 'perilune'.tensor(t).shape[1]")
        #expect(script["n"] == 100_000)
        #expect(script.state.budget.mostValuesRead <= 100)
        let state = try LuaState(profile: .strict, limits: ScriptLimits(memory: 64 << 20, time: .seconds(60)))
        try PeriluneModule.install(in: state)
        try state.run("lune, t = require 'perilune', {} for i = 1, 300000 do t[i] = i end")
        state.memoryLimit = state.memoryUse + (1 << 20)  // the numbers take more than twice that
        let error = try #require(state.failure("lune.tensor(t)"))
        #expect(error.kind == .memory)
        #expect(error.message.hasPrefix("script.lua:1: not enough memory: the limit is"))
    }

    /// A script in a loop of its own is bounded by its time; what the host counted is forgotten with each call.
    @Test func `Each call has the whole budget`() throws {
        let script = try strict(
            """
            local lune, t = require 'perilune', {}
            for i = 1, 200 do t[i] = { i } end
            for i = 1, 10 do n = (n or 0) + lune.tensor(t).shape[1] end
            """)
        #expect(script["n"] == 2000)
        #expect((200...500).contains(script.state.budget.mostValuesRead))
    }

    // MARK: Over the kind

    /// Values that are small to make and large to read.
    private static let hostile = """
        hostile = {}
        local dag = { 1 }
        for i = 1, 60 do dag = { dag, dag } end
        hostile.dag = dag
        local named = { a = 1 }
        for i = 1, 60 do named = { a = named, b = named } end
        hostile.named = named
        local cycle = {}
        for i = 1, 64 do cycle[i] = cycle cycle["k" .. i] = cycle end
        hostile.cycle = cycle
        local many = {}
        for i = 1, 5000 do many["k" .. i] = i end
        hostile.many = many
        local list = {}
        for i = 1, 5000 do list[i] = "x" end
        hostile.list = list
        local deep = {}
        for i = 1, 100000 do deep = { deep } end
        hostile.deep = deep
        hostile.key = { [("x"):rep(2e5)] = 1 }
        hostile.text = ("x"):rep(2e5)
        """

    private static let receivers = """
         receivers = { model = model, tensor = x, dataset = data, optimizer = lune.adam(), layer = lune.dense(3),
          model_tensor = lune.input { 4 }, schedule = lune.cosine_decay(1, 10), loss = lune.losses.mean_squared_error(),
          metric = lune.metrics.accuracy(), initializer = lune.initializers.zeros(), regularizer = lune.l2(0.1),
          constraint = lune.max_norm(1), callback = lune.early_stopping(), normalization = data:normalization() }
        """

    /// Every function and method that there is, as Lua text; a receiver comes first where there is one.
    static let calls: [(name: String, binding: Binding, text: String)] = {
        func functions(_ module: ModuleBinding, _ path: String) -> [(String, Binding, String)] {
            module.functions.map { ("\(path).\($0.name)", $0, "\(path).\($0.name)(") }
                + module.modules.flatMap { functions($0, "\(path).\($0.name)") }
        }
        let module = PeriluneModule.binding
        return functions(module, "lune")
            + module.classes.flatMap { type in
                type.allMethods.map {
                    ("\(type.name):\($0.name)", $0, "receivers.\(type.name).\($0.name)(receivers.\(type.name), ")
                }
            }
    }()

    @Test(arguments: ["dag", "named", "cycle", "many", "list", "deep", "key", "text"])
    func `Every function reads what it gets within the budget`(value: String) throws {
        let state = try LuaState(
            profile: .strict, limits: ScriptLimits(memory: 512 << 20, time: .seconds(300), values: Self.limits.values),
            access: .nothing)
        try PeriluneModule.install(in: state)
        try state.run("lune = require 'perilune' lune.seed(1)" + smallModel)
        state.output = { _ in }
        let known = try state.run(
            "lune.data.tensors(x, y) \(Self.receivers.replacing("normalization = data:normalization()", with: "")) "
                + "return receivers"
        )
        #expect(known[0].table != nil)
        try state.run(Self.hostile)
        var tried = 0
        var overBudget = 0
        for (name, binding, text) in Self.calls {
            let forms =
                ["hostile.\(value)", "hostile.\(value), hostile.\(value)"]
                + binding.parameters.map { "{ \($0.name) = hostile.\(value) }" }
            for form in forms {
                tried += 1
                let error = state.failure("return \(text)\(form))")
                if error?.message.contains("more than \(Self.limits.values) values") == true { overBudget += 1 }
                let read = state.budget.mostValuesRead
                #expect(read <= Self.limits.values + Self.interval, "\(name): \(form) read \(read)")
                #expect((error?.message.utf8.count ?? 0) < 5000, "\(name): \(form)")
            }
            #expect(state.stackHeight == 0, "\(name)")
        }
        #expect(tried > 500)
        if ["list", "many"].contains(value) { #expect(overBudget > 0) }
        #expect(try state.run("return 1 + 1") == [2])
    }
}
