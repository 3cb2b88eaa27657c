import PeriluneLua
import PeriluneLuaRuntime
import PerilunePrompt
import Testing

@Suite struct PromptLocalTests {
    @Test(arguments: [
        (["local x = 5", "x"], "5\n"),
        (["local a, b = 1", "a, b"], "1\nnil\n"),
        (["local x", "x", "x = 3", "x"], "nil\n3\n"),
        (["local a <const>, b = 1, 2", "a + b"], "3\n"),
        (["local function f(n) if n == 0 then return 1 end return n * f(n - 1) end", "f(5)"], "120\n"),
        (["local print = print", "print == _G.print"], "true\n"),
        (["x = 1", "local x = x + 1", "x, _G.x"], "2\n1\n"),
        (["local x = 1 local y = x + 1", "x, y"], "1\n2\n"),
        (["do local x = 1 end", "x"], "nil\n"),
        (["for i = 1, 1 do local x = 1 end", "x"], "nil\n"),
        (
            ["if true then local x = 1 elseif false then local x = 2 else local x = 3 end local y = 4", "x, y"],
            "nil\n4\n"
        ),
        (["function f() local x = 1 return x end local z = 2", "x, z"], "nil\n2\n"),
        (["repeat local x = 1 until x == 1 local w = 3", "x, w"], "nil\n3\n"),
        (["while false do local x = 1 end local v = 3", "x, v"], "nil\n3\n"),
        (["local s = 'local q = 1' -- local r = 2", "s, q, r"], "\"local q = 1\"\nnil\nnil\n"),
        (
            ["local f = function() local x = 1 return function() local y = 2 return x + y end end", "f()(), x, y"],
            "3\nnil\nnil\n"
        ),
        (["local t = { local_ = 1, ['local'] = 2 }", "t['local']"], "2\n"),
        (["local x = 1", "function get() return x end", "x = 2", "get()"], "2\n"),
        (["local x = nil", "x = 7", "_G.x, x"], "nil\n7\n"),
        (["local x = 1; local y = 2;", "x + y"], "3\n"),
        (["local\nx\n=\n1", "x"], "1\n"),
    ])
    func `locals outlive their line`(inputs: [String], shown: String) throws {
        let typed = try TypedPrompt()
        for input in inputs { #expect(typed.prompt.evaluate(input) == .done, "\(input): \(typed.shown)") }
        #expect(typed.shown == shown)
    }

    @Test func `a variable to close is closed at the end of its line`() throws {
        let typed = try TypedPrompt()
        let made = "closed = false local c <close> = setmetatable({}, { __close = function() closed = true end })"
        #expect(typed.type(made, "closed, c") == "true\nnil\n")
    }

    @Test func `locals are no globals`() throws {
        let typed = try TypedPrompt()
        #expect(typed.type("local secret = 1", "_G.secret", "rawget(_G, 'secret')") == "nil\nnil\n")
        #expect(typed.prompt.state[global: "secret"].isNil)
    }

    @Test func `all prompts of a state share them`() throws {
        let first = try TypedPrompt()
        _ = first.type("local x = 5", "7;")
        let second = try TypedPrompt(first.prompt.state)
        #expect(second.type("x, ans") == "5\n7\n")
    }

    @Test func `columns of errors stay where they are`() throws {
        let typed = try TypedPrompt()
        #expect(
            typed.type("local a, b = 1, nil + 1").hasPrefix("prompt:1: attempt to perform arithmetic on a nil value"))
    }
}
