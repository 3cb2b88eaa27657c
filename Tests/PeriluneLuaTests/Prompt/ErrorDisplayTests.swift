import PeriluneLua
import PeriluneLuaRuntime
import PerilunePrompt
import Testing

@Suite struct PromptErrorTests {
    @Test(arguments: [
        ("prnt(1)", "prompt:1: attempt to call a nil value (global 'prnt'); did you mean 'print'?\n"),
        ("dense(10)", "prompt:1: attempt to call a nil value (global 'dense'); did you mean 'lune.dense'?\n"),
        ("strin.rep", "prompt:1: attempt to index a nil value (global 'strin'); did you mean 'string'?\n"),
        ("string.repp('x', 2)", "prompt:1: attempt to call a nil value (field 'repp'); did you mean 'rep'?\n"),
        ("('x'):repp(2)", "prompt:1: attempt to call a nil value (method 'repp'); did you mean 'rep'?\n"),
        ("wordy.first.x", "prompt:1: attempt to index a nil value (field 'first')\n"),
        ("wordy.lenght.x", "prompt:1: attempt to index a nil value (field 'lenght'); did you mean 'length'?\n"),
        ("lune.dence(1)", "prompt:1: unknown field 'dence' of lune; did you mean 'dense'?\n"),
        ("qqqqqq()", "prompt:1: attempt to call a nil value (global 'qqqqqq')\n"),
        ("own_lcal()", "prompt:1: attempt to call a nil value (global 'own_lcal'); did you mean 'own_local'?\n"),
        ("own_nil()", "prompt:1: attempt to call a nil value (global 'own_nil')\n"),
        ("error('plain')", "prompt:1: plain\n"), ("error({})", "(error object is a table value)\n"),
        ("error()", "(error object is nil)\n"),
        ("error(setmetatable({}, { __tostring = function() return 'mine' end }))", "mine\n"),
    ])
    func `errors are short, and name what is near`(input: String, shown: String) throws {
        let typed = try TypedPrompt()
        _ = typed.type("wordy = { length = 1 }", "local own_local = 1", "local own_nil")
        #expect(typed.type(input) == shown)
        #expect(typed.type("1 + 1") == "2\n")
    }

    @Test func `the calls of a script are shown, and the prompt's own are not`() throws {
        let typed = try TypedPrompt()
        #expect(
            typed.type("function inner()\n  error('deep')\nend", "function outer()\n  inner()\nend", "outer()") == """
                prompt:2: deep
                stack traceback:
                \tprompt:2: in function 'inner'
                \tprompt:2: in function <prompt:1>

                """)
    }

    @Test func `errors may go elsewhere than values`() throws {
        let typed = try TypedPrompt()
        var errors = ""
        typed.prompt.errorOutput = { errors += $0 }
        #expect(typed.type("1", "error('x')", ":nonsense", "2") == "1\n2\n")
        #expect(errors == "prompt:1: x\nthere is no command ':nonsense'; ? lists the commands\n")
    }

    @Test func `nothing is left behind by errors`() throws {
        let typed = try TypedPrompt()
        let inputs = ["error('x')", "x = = 1", "f(", ":nonsense", "nothing.x", "?nothing", "local x = error('y')"]
        for input in inputs { _ = typed.type(input) }
        typed.prompt.state.collectGarbage()
        let (registry, stack) = (typed.prompt.state.registryCount, typed.prompt.state.stackHeight)
        for _ in 0..<200 { for input in inputs { _ = typed.type(input) } }
        typed.prompt.state.collectGarbage()
        #expect(typed.prompt.state.registryCount == registry)
        #expect(typed.prompt.state.stackHeight == stack)
    }

    @Test func `a script that is out of memory leaves the prompt usable`() throws {
        let typed = try TypedPrompt()
        typed.prompt.state.memoryLimit = typed.prompt.state.memoryUse + 4 << 20
        #expect(
            typed.type("local s = 'x' while true do s = s .. s end").hasPrefix(
                "prompt:1: not enough memory: the limit is "))
        #expect(typed.type("1 + 1") == "2\n")
    }
}
