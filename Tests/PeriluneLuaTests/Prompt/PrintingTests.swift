import PeriluneLua
import PerilunePrompt
import Testing

@Suite struct PromptPrintingTests {
    @Test(arguments: [
        ("3", "3\n"), ("3.0", "3.0\n"), ("0.1", "0.1\n"), ("1e100", "1e+100\n"), ("1/0", "inf\n"), ("-1/0", "-inf\n"),
        ("0/0", "nan\n"), ("2^53", "9.007199254741e+15\n"), ("math.mininteger", "-9223372036854775808\n"),
        ("true", "true\n"), ("'a\\nb\\t\"\\\\\\27\\0'", "\"a\\nb\\t\\\"\\\\\\x1B\\x00\"\n"), ("'é'", "\"é\"\n"),
        ("'\\xFF'", "\"\\xFF\"\n"), ("'\\u{202E}x'", "\"\\u{202E}x\"\n"), ("{}", "{}\n"),
        ("{1, 2, {3}}", "{1, 2, {3}}\n"),
        (
            "{ b = 1, a = 2, ['x y'] = 3, [true] = 4, [1.5] = 5, [10] = 6, ['end'] = 7 }",
            "{[1.5] = 5, [10] = 6, a = 2, b = 1, [\"end\"] = 7, [\"x y\"] = 3, [true] = 4}\n"
        ),
        ("{ 1, nil, 3 }", "{1, nil, 3}\n"), ("print", "function print\n"), ("string.rep", "function string.rep\n"),
        ("coroutine.create(print)", "thread"), ("io.stdout", "file ("),
        ("setmetatable({}, { __tostring = function() return 'mine' end })", "mine\n"),
        (
            "setmetatable({}, { __tostring = function() error('no') end })",
            "table whose __tostring failed: prompt:1: no\n"
        ),
        (
            "{ setmetatable({}, { __tostring = function() return {} end }) }",
            "{table whose __tostring failed: '__tostring' must return a string}\n"
        ),
        ("setmetatable({ 1 }, { __len = error, __index = error, __pairs = error })", "{1}\n"),
    ])
    func `values are shown in Lua's notation`(input: String, shown: String) throws {
        let text = try TypedPrompt().type(input)
        if shown.hasSuffix("\n") { #expect(text == shown) } else { #expect(text.hasPrefix(shown)) }
    }

    @Test func `a table that holds itself comes to an end`() throws {
        let typed = try TypedPrompt()
        #expect(
            typed.type("t = { name = 'x' } t.t = t t.list = { t }", "t")
                == "{list = {<cycle>}, name = \"x\", t = <cycle>}\n")
        #expect(typed.type("s = {} r = { s, s }", "r") == "{{}, {}}\n")
    }

    @Test func `deep tables are cut`() throws {
        let typed = try TypedPrompt()
        #expect(typed.type("{{{{{{1}}}}}}") == "{{{{{…}}}}}\n")
        #expect(typed.type("{{{{1}}}}") == "{{{{1}}}}\n")
    }

    @Test func `wide tables are broken into lines`() throws {
        let typed = try TypedPrompt(nil, PromptStyle(width: 30))
        #expect(
            typed.type("{ first = 'aaaaaaaaaa', second = { 1, 2 }, third = { deep = 'bbbbbbbbbbbbbbbbbbbbb' }, 1, 2 }")
                == """
                {
                  1, 2,
                  first = "aaaaaaaaaa",
                  second = {1, 2},
                  third = {
                    deep = "bbbbbbbbbbbbbbbbbbbbb",
                  },
                }

                """)
    }

    @Test(arguments: [
        "local t = {} for i = 1, 1e6 do t[i] = i end return t",
        "local t = {} for i = 1, 1e5 do t['key' .. i] = i end return t",
        "local t = {} for i = 1, 1e4 do t[i] = { i, { i } } end return t",
        "local t = {} for i = 1, 200 do t = { t, t } end return t", "('x'):rep(1e7)", "{ ('x'):rep(1e6) }",
        "local t = {} for i = 1, 1e3 do t[('k'):rep(1000) .. i] = ('v'):rep(1000) end return t",
        "lune.zeros { 1000, 1000 }", "lune.zeros { 7, 7, 7, 7, 7, 7 }", "('\\n'):rep(1e5)",
        "setmetatable({}, { __tostring = function() return ('y'):rep(1e6) end })",
        "setmetatable({}, { __tostring = function() return ('y\\n'):rep(1e6) end })",
    ])
    func `nothing floods`(input: String) throws {
        let text = try TypedPrompt().type(input)
        #expect(text.count < 20_000)
        #expect(text.count { $0 == "\n" } <= 120)
        #expect(text.contains("…"))
    }

    @Test func `colours are there where they are wanted`() throws {
        let typed = try TypedPrompt(nil, PromptStyle(hasColors: true))
        #expect(
            typed.type("{ 1, a = 'x' }") == "{\u{1B}[36m1\u{1B}[0m, \u{1B}[34ma\u{1B}[0m = \u{1B}[32m\"x\"\u{1B}[0m}\n")
        let plain = try TypedPrompt()
        #expect(
            !plain.type("{ 1, a = 'x', f = print, n = lune.tensor(1) }", "error('x')", ":mem", "?").contains("\u{1B}"))
    }

    @Test func `ASCII is enough where there is no more`() throws {
        let typed = try TypedPrompt(lune(smallModel), PromptStyle(isUnicode: false))
        let text = typed.type(
            "{{{{{{1}}}}}}", "model", "model:fit(data, { epochs = 3, verbose = 0 })", "lune.zeros { 100, 100 }",
            "model.layers[1]", "data", "('x'):rep(1e6)")
        #expect(text.contains("..."))
        #expect(text.utf8.allSatisfy { $0 < 0x80 })
    }
}
