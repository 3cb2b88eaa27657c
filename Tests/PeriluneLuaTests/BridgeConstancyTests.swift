import Perilune
import PeriluneLuaRuntime
import Testing

/// However many events there are, nothing grows: neither the registry, nor the stack, nor memory.
@Suite struct BridgeConstancyTests {
    private static let events = 100_000

    /// What an open state holds when all garbage is gone.
    private struct Holdings: Equatable {
        var registry: Int, stack: Int, parked: Int, memory: Int

        init(_ state: LuaState) {
            for _ in 0..<3 { state.collectGarbage() }
            registry = state.registryCount
            stack = state.stackHeight
            parked = state.parkedErrorCount
            memory = state.memoryUse
        }
    }

    /// Handlers that do nothing, write to the logs, return directives, are methods, and fail.
    @Test(arguments: [
        "function(i, logs, run) end",
        "function(i, logs, run) logs.score = i logs.loss = nil end",
        "function(i, logs, run) return { lr = logs.lr, log = { a = 1 } } end",
        "function(i, logs, run) return 'stop' end",
        "function(i, logs, run) kept = { logs, run, function() return logs end } end",
        "function(i, logs, run) error({ i }) end",
        "function(i, logs, run) coroutine.wrap(function() coroutine.yield(logs) end)() end",
    ])
    func `A hundred thousand events leave a channel as it was`(text: String) throws {
        let state = try LuaState()
        let channel = try LuaEventChannel(
            state, keys: ["loss", "lr", "step"], integers: ["step"], run: .table(state.makeTable()))
        let function = try #require(state.run("return \(text)").first?.function)
        let plain = LuaEventHandler(function)
        let method = LuaEventHandler(
            try #require(state.run("local f = \(text) return function(self, ...) return f(...) end").first?.function),
            receiver: state.makeTable())
        let wasRaised = text.contains("error")
        func send(_ count: Int) throws {
            for index in 1...count {
                channel.begin([Double(index), 0.5, Double(index)])
                do {
                    _ = try channel.send(to: index % 2 == 0 ? plain : method, index: index)
                    if channel.hasChanges, index % 16 == 0 { _ = try channel.changes() }
                } catch {
                    if !wasRaised { throw error }
                }
            }
        }
        // Errors and coroutines cost most: a tenth of the events is as telling.
        let count = wasRaised || text.contains("coroutine") ? Self.events / 10 : Self.events
        try send(1000)
        let before = Holdings(state)
        try send(count)
        let after = Holdings(state)
        #expect(after.registry == before.registry)
        #expect((after.stack, after.parked) == (0, 0))
        #expect(after.memory <= before.memory + 256)
    }

    /// The same through a real fit: tables, filters, a class, and a file listen to every batch.
    @Test func `A fit of many batches leaves the state as it was`() throws {
        let file = try ScriptFile("function on_train_batch_end(batch, logs) last = logs end")
        let state = try lune("x, y = lune.ones(1000, 1), lune.zeros(1000, 1)")
        state[global: "path"] = .string(file.path)
        try state.run(
            """
            model = lune.sequential { lune.input { 1 }, lune.dense(1) }
            model:compile { optimizer = "sgd", loss = "mse" }
            local Class = lune.callback()
            function Class:on_train_batch_end(batch, logs, run) self.n = (self.n or 0) + 1 end
            instance, filtered, directives = Class {}, 0, 0
            callbacks = { instance, lune.script(path),
              lune.on("train_batch_end", { every = 10 }, function() filtered = filtered + 1 end),
              { on_train_batch_begin = function(batch) if batch % 100 == 0 then \
            directives = directives + 1 return { lr_scale = 1 } end end,
                on_train_batch_end = function(batch, logs) logs.score = batch end } }
            function fit(epochs) model:fit(x, y, { epochs = epochs, batch_size = 1, verbose = 0, \
            callbacks = callbacks }) end
            """)
        let fit = try #require(state[global: "fit"].function)
        for _ in 0..<2 { try fit.call(1) }
        let before = Holdings(state)
        try fit.call(10)
        let after = Holdings(state)
        #expect(try state.run("return instance.n, filtered, directives") == [12_000, 1200, 120])
        #expect(after.registry <= before.registry)
        #expect((after.stack, after.parked) == (0, 0))
        #expect(after.memory <= before.memory + 4096)
    }

    /// Errors of every kind: what a host function held, what a script raised, and what was parked on the way is gone
    /// afterwards. Ten thousand where host and script take part in different ways, a thousand of their variants.
    @Test(arguments: [
        ("fail(make())", 10_000), ("error({ make() })", 10_000), ("lune.dense('many')", 10_000),
        ("call(function() fail(make()) end)", 10_000), ("call(function() error({ make() }) end)", 10_000),
        ("coroutine.wrap(function() fail(make()) end)()", 10_000),
        ("error(setmetatable({}, { __tostring = function() error(make()) end }))", 10_000),
        ("xpcall(fail, function(e) return { e, make() } end) xpcall(fail, error) fail()", 10_000),
        ("fail(1, {})", 1000), ("pcall(fail, make())", 1000), ("error(make())", 1000), ("error()", 1000),
        ("error(setmetatable({}, { __tostring = function() return 'told' end }))", 1000),
        ("local t = nil; t.x = make()", 1000), ("call(function() call(function() error(make()) end) end)", 1000),
        ("pcall(call, function() call(fail) end)", 1000), ("coroutine.wrap(function() error({ make() }) end)()", 1000),
        ("coroutine.wrap(function() call(coroutine.yield) end)()", 1000),
        (
            "select(2, coroutine.resume(coroutine.create(function() local x <close> = closing fail(make()) end)))"
                + ".x.y = 1",
            1000
        ),
        ("make().value = {}", 1000), ("make().nothing = 1", 1000), ("make():value()", 1000),
        ("return make() + 1", 1000),
        ("return make()(1)", 1000), ("setmetatable(make(), {})", 1000),
        ("tostring(setmetatable({}, { __tostring = function() return make() end }))", 1000),
        ("lune.dense(1, { units = 2 })", 1000), ("lune.dense(1, { activation = make() })", 1000),
        ("lune.tensor({ make() })", 1000), ("lune.nothing()", 1000), ("lune.ones(2):matmul(make())", 1000),
        ("lune.on('epoch_ends', print)", 1000), ("return lune.ones(2, 3) + lune.ones(4)", 1000),
        ("load('x = = 1')()", 1000), ("require('nothing.at.all')", 100),
    ])
    func `Thousands of errors leave nothing behind`(text: String, count: Int) throws {
        let counter = Tracked.Counter()
        let state = try lune("closing = setmetatable({}, { __close = function() error('closing') end })")
        state.install(counter)
        let chunk = try state.load(text: text, name: "script.lua", isFile: true)
        let catches = text.hasPrefix("pcall")
        for _ in 0..<100 { _ = try? chunk.run() }
        let before = Holdings(state)
        var failures = 0
        for _ in 0..<count {
            do { try chunk.run() } catch { failures += 1 }
        }
        #expect(failures == (catches ? 0 : count))
        let after = Holdings(state)
        #expect(after.registry == before.registry)
        #expect((after.stack, after.parked) == (0, 0))
        // The table of known objects grows to what one cycle of the collector leaves uncollected; a leak of the
        // smallest object with each error would come to more, where there are ten thousand.
        #expect(after.memory <= before.memory + 200_000)
        #expect(counter.alive == 0)
        state.close()
    }
}
