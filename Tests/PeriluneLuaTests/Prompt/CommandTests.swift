import Foundation
import PeriluneLua
import PeriluneLuaRuntime
import PerilunePrompt
import Testing

@Suite struct PromptCommandTests {
    @Test func `the time of a line is told`() throws {
        let typed = try TypedPrompt()
        #expect(typed.type(":time 1 + 1").wholeMatch(of: /2\ntook [0-9.e+]+ (ns|µs|ms|s)\n/) != nil)
        #expect(typed.type(":time 1 + 1;").wholeMatch(of: /took .*\n/) != nil)
        #expect(typed.prompt.evaluate(":time for i = 1, 2 do") == .incomplete)
        #expect(typed.type(":time") == ":time needs something to run: :time model:predict(x);\n")
        #expect(typed.type(":time error('no')").hasPrefix("prompt:1: no\n"))
    }

    @Test func `scripts are loaded, and loaded again`() throws {
        let file = try ScriptFile("loads = (loads or 0) + 1\nreturn loads")
        let typed = try TypedPrompt()
        #expect(typed.type(":reload") == "nothing was loaded yet; :load FILE does\n")
        #expect(typed.type(":load \(file.path)", ":reload", "loads") == "1\n2\n2\n")
        #expect(typed.type(":load nowhere.lua") == "cannot open nowhere.lua: No such file or directory\n")
        try file.write("x = = 1")
        #expect(typed.type(":load \(file.path)").contains("1 | x = = 1\n  |   ^\n"))
        try file.write("\n\nerror('in it')")
        #expect(typed.type(":reload").contains(":3: in it\nstack traceback:\n"))
    }

    @Test(arguments: [":mem", ":reload", ":who", ":quit"])
    func `commands that take nothing say so`(command: String) throws {
        let typed = try TypedPrompt()
        #expect(typed.prompt.evaluate("\(command) now") == .failed)
        #expect(typed.shown == "\(command) takes nothing, got 'now'\n")
    }

    @Test func `a word is a command unless it makes sense as Lua`() throws {
        let typed = try TypedPrompt()
        var taken: [String] = []
        typed.prompt.commands = [
            PromptCommand("step", parameters: "[n]", help: "go on") { rest, _ in
                taken.append(rest)
                return .done
            }
        ]
        _ = typed.type("step", "step 3", "step -1")
        #expect(taken == ["", "3", "-1"])
        #expect(typed.type("step = 5", "step -1", "step") == "4\n")
        #expect(taken == ["", "3", "-1", ""])
    }

    @Test func `memory is told`() throws {
        let text = try TypedPrompt().type(":mem")
        #expect(
            text.wholeMatch(
                of: /Lua +[0-9.]+ KiB(, [0-9.]+ \w+ were garbage)?\nprocess +[0-9.]+ [MG]iB, tensors and all\n/) != nil)
    }

    @Test func `variables are listed`() throws {
        let typed = try TypedPrompt()
        #expect(typed.type(":who") == "no variables yet\n")
        typed.prompt.values["run"] = "given"
        #expect(
            typed.type("local x = 5", "t = { 1, 2, a = 3 }", "one = { a = 1 }", "function f() end", ":who") == """
                x    local 5
                run  given "given"
                f    function: prompt:1
                one  table: 1 field
                t    table: 2 elements, 1 field

                """)
    }

    @Test func `a session is saved as a script`() throws {
        let file = try ScriptFile("")
        try FileManager.default.removeItem(atPath: file.path)
        let typed = try TypedPrompt()
        _ = typed.type("local x = 5", "x + 1", "y = x", ":who", "error('failed')", "for i = 1, 2 do\n  y = y + i\nend")
        #expect(typed.type(":save \(file.path)") == "5 inputs written to \(file.path)\n")
        let text = try String(contentsOfFile: file.path, encoding: .utf8)
        #expect(
            text == """
                local lune = require "perilune"
                local x = 5
                -- x + 1
                y = x
                -- :who
                for i = 1, 2 do
                  y = y + i
                end

                """)
        #expect(try TypedPrompt().type(":load \(file.path)", "y") == "8\n")
        #expect(typed.type(":save \(file.path)") == "cannot write \(file.path): File exists\n")
    }

    @Test func `an unknown command names the nearest`() throws {
        let typed = try TypedPrompt()
        #expect(typed.type(":tmie 1") == "there is no command ':tmie'; did you mean ':time'?\n")
        #expect(typed.type(":nonsense") == "there is no command ':nonsense'; ? lists the commands\n")
        #expect(typed.prompt.evaluate(":quit") == .left)
        #expect(typed.prompt.evaluate(":q") == .left)
    }

    @Test(
        arguments: [
            ("step", "step()"), ("step 10", "step(10)"), ("step x y", "step(x y)"), ("  step 3  ", "step(3)"),
            ("step = 3", ""), ("step.x", nil), ("step(3)", nil), ("step:x()", nil), ("step + 1", nil),
            ("step == 1", "false\n"),
            ("step, x", "nil\nnil\n"), ("step[1]", nil), ("stepping", "nil\n"), ("= step", "nil\n"),
            ("step 'x'", "step('x')"),
            ("step{}", "step({})"), ("step -1", "step(-1)"),
        ] as [(String, String?)])
    func `a bare word is a command unless Lua follows`(input: String, shown: String?) throws {
        let typed = try TypedPrompt()
        typed.prompt.commands = [
            PromptCommand("step", parameters: "[n]", help: "") { rest, prompt in
                prompt.output("step(\(rest))")
                return .done
            }
        ]
        if let shown { #expect(typed.type(input) == shown) } else { #expect(typed.type(input).contains("attempt to ")) }
    }

    @Test func `a function of that name is called with a string or table`() throws {
        let typed = try TypedPrompt()
        typed.prompt.commands = [PromptCommand("save", parameters: "FILE", help: "") { _, _ in .left }]
        #expect(typed.prompt.evaluate("save 'x'") == .left)
        #expect(typed.type("function save(x) return x end", "save 'x'", "save { 1 }") == "\"x\"\n{1}\n")
        #expect(typed.prompt.evaluate("save") == .left)
    }
}

/// A script in a file of its own, gone with the test.
final class ScriptFile {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("perilune-\(UUID().uuidString).lua").path

    init(_ text: String) throws { try write(text) }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func write(_ text: String) throws { try Data(text.utf8).write(to: URL(fileURLWithPath: path)) }
}
