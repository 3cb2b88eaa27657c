import PeriluneLua
import PeriluneLuaRuntime
import PerilunePrompt
import Testing

@Suite struct PromptEvaluationTests {
    @Test(arguments: [
        ("1 + 1", "2\n"), ("= 1 + 1", "2\n"), ("1, nil, 'x', nil", "1\nnil\n\"x\"\nnil\n"), ("nil", "nil\n"),
        ("(function() end)()", ""), ("(function() return nil end)()", "nil\n"), ("1;", ""), ("f = 1", ""),
        ("return 1, 2", "1\n2\n"), ("for i = 1, 2 do end", ""), ("#'abc'", "3\n"), ("-- nothing", ""), ("", ""),
        ("  ", ""), ("x = 1; return x", "1\n"), ("not nil", "true\n"), ("function() end", ""),
    ])
    func `an input shows what it gives`(input: String, shown: String) throws {
        let typed = try TypedPrompt()
        if input == "function() end" {
            #expect(typed.type(input).hasPrefix("function -- prompt:1\n"))
        } else {
            #expect(typed.type(input) == shown)
        }
    }

    @Test(arguments: [
        "for i = 1, 2 do", "f(", "x =", "if true then", "function f()", "local function f()", "{", "[[ text", "1 +",
        "x +", "= 1 +", "--[[ comment", "local t = {", "'a\\", "repeat", "return", "not", "#", "f(function()",
        "x = function(a) return a", "goto", "local", "a.b:",
    ])
    func `the beginning of a statement waits for more`(input: String) throws {
        let typed = try TypedPrompt()
        // A lone return, and no more, is a statement.
        #expect(typed.prompt.evaluate(input) == (input == "return" ? .done : .incomplete))
        #expect(typed.shown == "")
    }

    @Test(arguments: [
        ("\"abc", "prompt:1: unfinished string near <eof>\n1 | \"abc\n  |     ^\n"),
        ("x = = 2", "prompt:1: unexpected symbol near '='\n1 | x = = 2\n  |   ^\n"),
        ("local x = = 2", "prompt:1: unexpected symbol near '='\n1 | local x = = 2\n  |         ^\n"),
        ("1 +* 2", "prompt:1: unexpected symbol near '*'\n1 | 1 +* 2\n  |    ^\n"),
        ("= 1 +* 2", "prompt:1: unexpected symbol near '*'\n1 | = 1 +* 2\n  |      ^\n"),
        ("#t +* 1", "prompt:1: unexpected symbol near '*'\n1 | #t +* 1\n  |     ^\n"),
        ("foo bar", "prompt:1: syntax error near 'bar'\n1 | foo bar\n  |     ^\n"),
        ("x = 1\ny = )", "prompt:2: unexpected symbol near ')'\n2 | y = )\n  |     ^\n"),
        ("end", "prompt:1: <eof> expected near 'end'\n1 | end\n  | ^\n"),
    ])
    func `a syntax error shows at once with its line`(input: String, shown: String) throws {
        let typed = try TypedPrompt()
        #expect(typed.prompt.evaluate(input) == .failed)
        #expect(typed.shown == shown)
    }

    @Test func `a statement may go on over lines`() throws {
        let typed = try TypedPrompt()
        #expect(typed.type("for i = 1, 2 do\n  print(i)\nend\nreturn 'done'") == "\"done\"\n")
    }

    @Test func `results are kept`() throws {
        let typed = try TypedPrompt()
        #expect(typed.type("6 * 7", "ans", "_", "Out[1] + Out[2] + Out[3]") == "42\n42\n42\n126\n")
        #expect(typed.type("5;", "ans") == "5\n")
        #expect(typed.type("nil", "ans") == "nil\n5\n")
    }

    @Test func `a script may use the names of results itself`() throws {
        let typed = try TypedPrompt()
        #expect(typed.type("42;", "_ = 'mine'", "_", "ans") == "\"mine\"\n\"mine\"\n")
    }

    @Test func `old results are let go`() throws {
        let typed = try TypedPrompt()
        _ = typed.type("'first';")
        for _ in 0..<100 { _ = typed.type("0;") }
        #expect(typed.type("Out[1], Out[3]") == "nil\n0\n")
    }

    @Test func `values come before globals until they are assigned to`() throws {
        let typed = try TypedPrompt()
        typed.prompt.state[global: "run"] = "global"
        typed.prompt.values["run"] = "given"
        #expect(typed.type("run", "_G.run") == "\"given\"\n\"global\"\n")
        #expect(typed.type("run = 'new'", "run", "_G.run") == "\"new\"\n\"new\"\n")
    }

    @Test func `numbers of results show where they are of use`() throws {
        let typed = try TypedPrompt(nil, PromptStyle(showsNumbers: true))
        #expect(
            typed.type("1", "{1}", "'x'", "lune.tensor(1)") == "1\nOut[2] {1}\n\"x\"\nOut[4] tensor float32[] 1.0000\n")
    }

    @Test func `input that is no Lua at all does no harm`() throws {
        let typed = try TypedPrompt()
        for input in [
            "\0", "\u{1B}[A", "\u{FEFF}", "]]", "::", ":", "?", "=", "local", "…", "a\u{0}b", "\\", "'\\", "--[=[",
        ] {
            _ = typed.prompt.evaluate(input)
            _ = typed.prompt.completions(of: input)
        }
        #expect(typed.type("1 + 1") == "2\n")
    }
}
