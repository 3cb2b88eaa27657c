import Perilune
import Testing

/// A stranger's callbacks in a host's run.
@Suite struct StrictScriptTests {
    private static let limits = ScriptLimits(memory: 16 << 20, time: .milliseconds(500))

    private func trainer() throws -> (Trainer, Dataset) {
        let model = Sequential { Dense(3) }
        let trainer = try Trainer(
            model, optimizer: .sgd(learningRate: 0.01), loss: SparseCategoricalCrossentropy(), metrics: [Accuracy()],
            seed: 0)
        trainer.message = { _ in }
        return (trainer, try Dataset.iris())
    }

    private struct Failure {
        var kind: LuaError.Kind
        var message: String
        var script: String
        var line: Int
    }

    @Test(
        arguments: [
            (
                "while true do pcall(error) end", LuaError.Kind.timeLimit,
                "callbacks.lua:2: the time limit of 0.5 s is over"
            ),
            (
                "local t = {} while true do t[#t + 1] = {} end", .memory,
                "callbacks.lua:2: not enough memory: the limit is 16 MiB"
            ),
            (
                "pcall(function() local t = {} while true do t[#t + 1] = {} end end)", .memory,
                "callbacks.lua:2: not enough memory: the limit is 16 MiB"
            ),
            ("error('boom')", .runtime, "callbacks.lua:2: boom"),
            ("while true do run:evaluate(data) end", .timeLimit, "callbacks.lua:2: the time limit of 0.5 s is over"),
        ])
    func `A failure ends the run in order, and host and script go on`(
        statement: String, kind: LuaError.Kind, message: String
    ) throws {
        let script = try LuaScript(
            source: """
                function on_epoch_end(epoch, logs, run) if epoch == 2 and fails then
                  \(statement) end
                end
                events = {}
                function on_exception(message) events[#events + 1] = message end
                function on_train_end(logs, run) events[#events + 1] = run.end_reason end
                fails = true
                """, name: "callbacks.lua", limits: Self.limits)
        // What ends otherwise must not run into it, on a machine however busy.
        if kind != .timeLimit { try script.state.limitTime(.seconds(60)) }
        let (trainer, data) = try trainer()
        script.register("data_of_host") { _ in [] }
        _ = try script.state.load(text: "data = require('perilune').data.iris()", name: "host").run()
        for _ in 1...2 {
            do {
                try trainer.fit(data, epochs: 3, callbacks: [script], verbose: .silent)
                Issue.record("no error")
            } catch let error as TrainingError {
                let place = " (callback 'callbacks.lua', on_epoch_end, epoch 2)"
                #expect(error.description == message + place)
                let inner = try #require(error.underlying as? LuaError)
                #expect(inner.kind == kind)
                #expect(inner.message == message)
                #expect(inner.script == "callbacks.lua")
                #expect(inner.line == 2)
                #expect(inner.traceback.contains("callbacks.lua:2:"))
                #expect(try script["events"].table?.array.compactMap(\.string) == [message + place, "failed"])
            }
            script["events"] = .table(script.state.makeTable())
        }
        script["fails"] = false
        try script.state.limitTime(.seconds(60))
        let history = try trainer.fit(data, epochs: 3, callbacks: [script], verbose: .silent)
        #expect(history.epochs == [1, 2, 3])
        #expect(try script["events"].table?.array == ["finished"])
        #expect(script.state.stackHeight == 0)
    }

    @Test func `A host's script is strict unless it says otherwise`() throws {
        let strict = try LuaScript(source: "found = io or os.execute or debug or package")
        #expect(strict["found"] == .nil)
        #expect(strict.state.timeLimit == .seconds(5))
        #expect(strict.state.memoryLimit == 256 << 20)
        let trusted = try LuaScript(source: "found = io ~= nil and debug ~= nil", profile: .trusted)
        #expect(trusted["found"] == true)
        #expect(trusted.state.timeLimit == nil)
    }

    @Test func `A script's own statements are bounded too`() throws {
        do {
            _ = try LuaScript(source: "x = 1\nwhile true do end", name: "callbacks.lua", limits: Self.limits)
            Issue.record("no error")
        } catch {
            #expect(error.kind == .timeLimit)
            #expect(error.line == 2)
        }
    }

    @Test func `What a script prints goes to the host`() throws {
        let script = try LuaScript(source: "function greet(...) print('hello', ...) end")
        var lines: [String] = []
        script.state.output = { lines.append($0) }
        try script.call("greet", 1, nil, "x")
        #expect(lines == ["hello\t1\tnil\tx\n"])
    }

    @Test func `No name leads out of the environment`() throws {
        let state = try LuaState(profile: .strict)
        try PeriluneModule.install(in: state)
        // Every table and function that a script can reach from its globals, by fields and metatables.
        let names = try state.run(
            """
            local lune = require "perilune"
            local seen, found = {}, {}
            local function visit(value, name)
              if seen[value] then return end
              if type(value) == "table" then
                seen[value] = true
                for key, field in next, value do visit(field, name .. "." .. tostring(key)) end
              elseif type(value) == "function" then
                seen[value] = true
                found[#found + 1] = name
              end
              local meta = getmetatable(value)
              if type(meta) == "table" then visit(meta, name .. "~") end
            end
            for key, field in next, _G do if field ~= lune then visit(field, key) end end
            table.sort(found)
            return table.concat(found, " ")
            """)[0].string
        let allowed = """
            assert collectgarbage coroutine.close coroutine.create coroutine.isyieldable coroutine.resume \
            coroutine.running coroutine.status coroutine.wrap coroutine.yield error getmetatable ipairs load math.abs \
            math.acos math.asin math.atan math.ceil math.cos math.deg math.exp math.floor math.fmod math.log math.max \
            math.min math.modf math.rad math.random math.randomseed math.sin math.sqrt math.tan \
            math.tointeger math.type math.ult next os.clock os.date os.difftime os.time pairs pcall print rawequal \
            rawget rawlen rawset require select setmetatable string.byte string.char string.find string.format \
            string.gmatch string.gsub string.len string.lower string.match string.pack string.packsize string.rep \
            string.reverse string.sub string.unpack string.upper table.concat table.insert table.move table.pack \
            table.remove table.sort table.unpack tonumber tostring type utf8.char utf8.codepoint utf8.codes utf8.len \
            utf8.offset xpcall
            """
        // The traversal begins at any of the two ways to the globals.
        let reached = Set(
            (names ?? "").split(separator: " ").map { $0.split(separator: ".").suffix(2).joined(separator: ".") })
        #expect(
            reached.map { $0.hasPrefix("_G.") ? String($0.dropFirst(3)) : $0 }.sorted()
                == allowed.split(separator: " ").map(String.init).sorted())
    }

    @Test func `No address is shown`() throws {
        let state = try LuaState(profile: .strict)
        let texts = try state.run(
            """
            local t = {}
            local address = tostring(t)
            return address == tostring(t), address ~= tostring({}), ('%s'):format(t) == address, tostring(print),
              tostring(coroutine.create(print)), tostring(setmetatable({}, { __name = "thing" })),
              tostring(setmetatable({}, { __tostring = function() return "own" end })), \
            ('%5.1f|%-4s|%q'):format(1, 'x', 'y')
            """)
        #expect(texts.prefix(3) == [true, true, true])
        for (text, type) in zip(texts[3...5], ["function", "thread", "thing"]) {
            #expect(try #require(text.string).wholeMatch(of: /([a-z]+): [0-9a-f]{8}/)?.1 == Substring(type))
        }
        #expect(texts[6...7] == ["own", "  1.0|x   |\"y\""])
    }

    @Test func `Strings that hold numbers do arithmetic as they do elsewhere`() throws {
        let text = """
            local plus = setmetatable({}, { __add = function(a, b) return "own" end })
            return "10" + 1, 7 .. "", -"2", "3" * "4", "7" // 2, "2" ^ 2, "7" % "4", "x" + plus,
              pcall(function() return "x" + 1 end)
            """
        let strict = try LuaState(profile: .strict).run(text)
        #expect(strict == (try LuaState(profile: .trusted).run(text)))
        #expect(strict.prefix(4) == [11, "7", -2, 12])
    }

    @Test func `A function is named in what it complains about, however it was called`() throws {
        let state = try LuaState(profile: .strict)
        let text = """
            return { select(2, pcall(string.rep)), select(2, pcall(table.concat)), select(2, pcall(ipairs)),
              select(2, pcall(math.floor, {})) }
            """
        let messages = try state.run(text)[0].table?.array.map(\.string)
        #expect(
            messages == [
                "bad argument #1 to 'string.rep' (string expected, got no value)",
                "bad argument #1 to 'table.concat' (table expected, got no value)",
                "bad argument #1 to 'ipairs' (value expected)",
                "bad argument #1 to 'math.floor' (number expected, got table)",
            ])
        #expect(try state.run("return pcall(require, 'string')")[0] == false)
    }

    @Test func `Random numbers repeat`() throws {
        let draws = try (0..<2).map { _ in
            try LuaState(profile: .strict).run("return math.random(1 << 40), math.random()")
        }
        #expect(draws[0] == draws[1])
    }
}
