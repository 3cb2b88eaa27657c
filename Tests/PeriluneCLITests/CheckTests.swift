import Foundation
import PeriluneTestSupport
import Testing

@Suite struct CheckTests {
    /// What `perilune check` says about a script, without the script's name.
    private func findings(_ script: String) throws -> [String] {
        let folder = try TemporaryFolder()
        _ = try folder.write("s.lua", script)
        let run = try ProgramRun.of("perilune", ["check", "s.lua"], in: folder.url)
        let lines = run.errors.split(separator: "\n").map(String.init)
        #expect(run.output == "")
        #expect(run.status == (lines.isEmpty ? 0 : 1))
        #expect(lines.allSatisfy { $0.hasPrefix("s.lua:") })
        return lines.map { String($0.dropFirst("s.lua:".count)) }
    }

    @Test(arguments: [
        "local x <const> = 1; goto done; ::done:: print(x, #arg, ...)",
        "for i, v in ipairs { 1, 2, [3] = 4; n = 5 } do print(i, v) end",
        "function f() return g() end function g() return f() end f()",
        "local function f(n) if n > 0 then return f(n - 1) elseif n < -1 then return 0 else return 1 end end f(1)",
        "repeat local done = true until done",
        "local s = [[ undefined ]] .. 'it\\'s' .. [==[ ]] ]==] -- nothing\n--[[ nowhere() ]]",
        "local t = {} t.a, t['b'] = 1, 2; (t.f or print)(0x1p4, 1e-3, 7 // 2, ~1, 3 ~= 4); t:m 'x' { y = 1 }",
        "_G.made_at_run_time = 1 print(made_at_run_time)",
        "local o = {} function o.a.b:c(x) return self, x end",
        "while true do break end for i = 1, 3 do local y = i end; return function(...) return ... end",
    ]) func `good code passes`(script: String) throws {
        #expect(try findings(script) == [])
    }

    @Test func `names that are defined nowhere are found`() throws {
        let script = "local count = 1\nprint(cuont, pritn)\nfunction used() end\nuesd()\nprint(cuont)"
        #expect(
            try findings(script) == [
                "2: global 'cuont' is defined nowhere; did you mean 'count'?",
                "2: global 'pritn' is defined nowhere; did you mean 'print'?",
                "4: global 'uesd' is defined nowhere; did you mean 'used'?",
            ])
    }

    @Test func `misspelt names of the module are found`() throws {
        let script = """
            local lune = require "perilune"
            local model = lune.sequential {
              lune.densse(3),
              lune.dense(10, { activaton = "relu" }),
            }
            model:compil {}
            model:fit(lune.data.digts(), { epohcs = 3 })
            """
        #expect(
            try findings(script) == [
                "3: unknown field 'densse' of lune; did you mean 'dense'?",
                "4: unknown option 'activaton' in dense; did you mean 'activation'?",
                "6: unknown method 'compil' of model; did you mean 'compile'?",
                "7: unknown field 'digts' of lune.data; did you mean 'digits'?",
                "7: unknown option 'epohcs' in fit; did you mean 'epochs'?",
            ])
    }

    @Test func `misspelt events are found`() throws {
        let script = """
            local lune = require "perilune"
            local Mine = lune.callback()
            function Mine:on_epoch_ned(epoch, logs) end
            local other = { on_train_batch_end = function() end, on_trian_end = function() end }
            function on_epoch_begn() end
            """
        let found = try findings(script)
        #expect(found.count == 3)
        for (line, name) in zip(found, ["3: ", "4: ", "5: "]) { #expect(line.hasPrefix(name)) }
        #expect(found.allSatisfy { $0.contains("did you mean 'on_") })
    }

    /// By the declarations and in the words of a run.
    @Test func `literal arguments are checked as a run does`() throws {
        let script = """
            \u{FEFF}local lune = require "perilune"
            lune.on("epoch_nd", function() end)
            local model = lune.sequential { lune.dense(3, { activation = "rel" }) }
            model:compile {
              optimizer = "adm",
              loss = "mse",
            }
            model:compile { optimizer = "adam", loss = "msee" }
            model:compile { optimizer = "adam", loss = function() end }
            lune.dense(-1)
            lune.dropout(1.5)
            lune.early_stopping { patience = "many" }
            """
        let found = try findings(script)
        for (line, text) in [
            (2, "did you mean 'on_epoch_end'?"), (3, "did you mean 'relu'?"), (5, "did you mean 'adam'?"),
            (8, "did you mean 'mse'?"), (9, "got function"), (10, "bad argument #1 to 'dense'"),
            (11, "bad argument #1 to 'dropout'"), (12, "bad field 'patience' in early_stopping"),
        ] {
            #expect(found.contains { $0.hasPrefix("\(line): ") && $0.contains(text) }, "\(line): \(text) in \(found)")
        }
        #expect(found.count == 8, "\(found)")
    }

    /// What only a run can tell is left to it.
    @Test func `unknown arguments pass`() throws {
        let script = """
            local lune = require "perilune"
            local n, name, options = tonumber(...), select(2, ...), { epochs = 3 }
            local model = lune.sequential { lune.dense(n), lune.dense(n + 1, { activation = name }), \
            lune.dense(-n * 2) }
            model:compile { optimizer = name or "sgd", loss = "MeanSquaredError", metrics = { "accuracy", name } }
            local data = lune.data.iris()
            model:fit(data, options)
            model:fit(lune.tensor { { 1, 2 }, { 3, n } }, lune.tensor { n, 2 }, { epochs = n, callbacks = {} })
            lune.on("epoch_end", { every = n }, print)
            lune.dense(...)
            lune.callback()
            print(lune.ones(2, 3):sum(), lune.help("dense"))
            """
        #expect(try findings(script) == [])
    }

    @Test func `every example passes`() throws {
        let names = try ProgramRun.of(["example"]).output.split(separator: "\n").compactMap {
            $0.split(separator: " ").first
        }
        #expect(names.count >= 4)
        for name in names {
            let text = try ProgramRun.of(["example", String(name)]).output
            let run = try ProgramRun.of(["check", "-"], input: text)
            #expect(run.errors == "", "\(name)")
        }
    }

    @Test func `a syntax error is shown with its line`() throws {
        let run = try ProgramRun.of(["check", "-"], input: "x = = 1")
        #expect(run.errors == "stdin:1: unexpected symbol near '='\n1 | x = = 1\n  |   ^\n")
        #expect(run.status == 1)
    }
}
