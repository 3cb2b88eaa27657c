import PeriluneLua
import PeriluneLuaRuntime
import Testing

/// A tensor of one element behaves as the number it holds, as far as Lua allows, and a tensor as a list of its rows.
@Suite struct ScalarTests {
    @Test(
        arguments: [
            "lune.tensor{0.25,0.5}:mean() < 0.5", "not (lune.tensor{0.25,0.5}:mean() > 0.5)",
            "lune.tensor(2) <= 2 and lune.tensor(2) >= 2", "1 < lune.tensor{2}", "3 > lune.tensor{{2}}",
            "lune.tensor(1) < lune.tensor(2)", "not (lune.tensor(0/0) < 1) and not (lune.tensor(0/0) >= 1)",
            "lune.tensor(16777217, { dtype = 'int32' }) > 16777216",
            "lune.tensor(2) == lune.tensor{1,3}:mean()", "lune.tensor{1,2} == lune.tensor{1,2}",
            "lune.tensor{1,2} ~= lune.tensor{1,3}", "lune.tensor{1,2} ~= lune.tensor{{1,2}}",
            "lune.tensor(0/0) ~= lune.tensor(0/0)",
            "tostring(lune.tensor{1,2}:mean()) == '1.5'", "tostring(lune.tensor{0.1,0.1}:max()) == '0.1'",
            "tostring(lune.tensor{2,4}:mean()) == '3.0'", "tostring(lune.tensor(0/0)) == 'nan'",
            "tostring(lune.tensor({7}, { dtype = 'int32' }):sum()) == '7'",
            "'loss ' .. lune.tensor{1,2}:mean() == 'loss 1.5'",
            "lune.tensor(1) .. ' of ' .. lune.tensor(2) == '1.0 of 2.0'",
            "lune.tensor(2) .. 3 == '2.03'",
            "('%.2f'):format(lune.tensor{1,2}:sum()) == '3.00'", "('%d%%'):format(lune.tensor{1,2}:sum()) == '3%'",
            "('%5.1f|%s|%s|%g'):format(lune.tensor{{4}}, lune.tensor(2), 'x', 7) == '  4.0|2.0|x|7'",
            "string.format('%q %i', 1, lune.tensor({3}, { dtype = 'int32' })) == '1 3'",
            "lune.tensor{{1,2},{3,4}}[{ 1, 2 }]:item() == 2", "(5):item() == 5 and math.type((5):item()) == 'integer'",
            "lune.tensor{4}[1]:item() + 0.5 == 4.5", "lune.tensor{1,2}:sum():item() == 3",
            "lune.tensor{1,2}:sum() + 1 == lune.tensor(4)",
            "math.floor(1.5) == 1 and math.max(3, 1, 2) == 3 and select('#', math.modf(1.5)) == 2",
            "math.floor(lune.tensor(1.5):item()) == 1 and not pcall(math.sqrt, lune.tensor(4))",
        ])
    func `A scalar counts as its number`(condition: String) throws {
        let trusted = try lune()
        #expect(try trusted.run("return \(condition)") == [true])
        let strict = try LuaState(profile: .strict)
        try PeriluneModule.install(in: strict)
        #expect(try strict.run("lune = require 'perilune' return \(condition)") == [true])
    }

    @Test(
        arguments: [
            (
                "lune.tensor{1,2} < 1",
                "'<' compares single numbers, and a tensor of shape [2] has 2; "
                    + "a:lt(b), a:le(b), a:gt(b) and a:ge(b) compare element by element"
            ),
            ("lune.tensor(1) <= 'a'", "'<=' compares a tensor with a number or another tensor, got 'a'"),
            ("lune.tensor(1) .. nil", "cannot concatenate a tensor with nil"),
            ("lune.tensor(1) .. {}", "cannot concatenate a tensor with table"),
            ("('%.2f'):format(lune.tensor{1,2})", "item: a tensor of shape [2] has 2 elements, not one"),
            ("(5).itme", "attempt to index a number value (with key 'itme')"),
            ("(5)[1]", "attempt to index a number value (with key 'number')"),
            ("('%d'):format(lune.tensor(1.5))", "bad argument #1 to 'format' (number has no integer representation)"),
            (
                "math.floor(lune.tensor(1.5))",
                "bad argument #1 to 'floor' (number expected, got tensor; :item() gives the number of one that has one)"
            ),
            (
                "math.max(1, lune.tensor(2))",
                "bad argument #2 to 'max' (number expected, got tensor; :item() gives the number of one that has one)"
            ),
            ("math.floor({})", "bad argument #1 to 'floor' (number expected, got table)"),
            ("math.fmod(1)", "bad argument #2 to 'fmod' (number expected, got no value)"),
            ("('%d'):format({})", "bad argument #1 to 'format' (number expected, got table)"),
        ])
    func `What is no single number says so`(expression: String, message: String) throws {
        let failure = try lune().failure("local x = \(expression)")?.message
        #expect(failure == "script.lua:1: \(message)")
    }

    @Test(arguments: ["ipairs", "pairs"]) func `A for goes through the rows and ends`(pairs: String) throws {
        let state = try lune()
        let values = try state.run(
            """
            local seen = {}
            for i, row in \(pairs)(lune.tensor{{1,2},{3,4},{5,6}}) do seen[#seen + 1] = i .. ":" .. row:sum() end
            local whole = lune.tensor({7,8}, { dtype = "int32" })
            for i, number in \(pairs)(whole) do seen[#seen + 1] = i .. ":" .. number end
            for _ in \(pairs)(lune.tensor(5)) do seen[#seen + 1] = "never" end
            local weights = lune.sequential { lune.input { 2 }, lune.dense(3) }.layers[1].kernel
            for _, row in \(pairs)(weights) do seen[#seen + 1] = #row end
            for i, v in \(pairs) { 10, 20 } do seen[#seen + 1] = i + v end
            return table.concat(seen, " ")
            """)
        #expect(values == ["1:3.0 2:7.0 3:11.0 1:7 2:8 3 3 11 22"])
        #expect(state.failure("return lune.tensor{1,2}[3]")?.message.contains("out of range") == true)
    }

    // MARK: Whole numbers

    private static let integers = "local t = lune.tensor({16777217, -5, 16777219}, { dtype = 'int32' }) "

    @Test(
        arguments: [
            ("t:max()", "16777219"), ("t:min()", "-5"), ("t:sum()", "33554431"), ("t[1]", "16777217"),
            ("t:eq(16777217)", "1 0 0"), ("t:eq(16777216)", "0 0 0"), ("t:gt(16777217)", "0 0 1"),
            ("t:ne(t + 1)", "1 1 1"), ("t:le(lune.tensor{16777216,0,0})", "0 1 0"),
            ("t + 1", "16777218 -4 16777220"), ("1 - t", "-16777216 6 -16777218"), ("t * -1", "-16777217 5 -16777219"),
            ("-t", "-16777217 5 -16777219"), ("t:maximum(16777218)", "16777218 16777218 16777219"),
            ("t:minimum(t - 1)", "16777216 -6 16777218"), ("t:argmax()", "2"), ("t:clone()", "16777217 -5 16777219"),
            ("t + t:reshape(3, 1)", "33554434 16777212 33554436 16777212 -10 16777214 33554436 16777214 33554438"),
            ("t:reshape(3, 1):transpose()", "16777217 -5 16777219"), ("t[{ {1, 2} }]", "16777217 -5"),
            ("t:reshape(1, 3):max(1)", "16777217 -5 16777219"),
            ("t:reshape(1, 3):sum(2, { keepdims = true })", "33554431"),
            ("lune.full({ 2 }, 16777217, { dtype = 'int32' })", "16777217 16777217"),
            ("lune.arange(16777217, 16777219, { dtype = 'int32' })", "16777217 16777218 16777219"),
        ])
    func `int32 does not go through float32`(expression: String, expected: String) throws {
        let values = try lune().run(
            Self.integers + """
                local value = \(expression)
                if type(value) == "number" then return tostring(value), "int32" end
                local flat = value:reshape(-1):totable()
                for i, v in ipairs(flat) do flat[i] = string.format("%d", v) end
                return table.concat(flat, " "), value.dtype
                """)
        #expect(values[0].string == expected)
        let isMask = expected.split(separator: " ").allSatisfy { $0 == "0" || $0 == "1" }
        #expect(values[1].string == (isMask ? "float32" : "int32"))
    }

    @Test func `What gives fractions is float32, from exact sums`() throws {
        let values = try lune().run(
            """
            local t = lune.tensor({100000001, 100000003}, { dtype = "int32" })
            local halves = lune.tensor({1, 2}, { dtype = "int32" })
            local half = halves / 2
            return t:std():item(), t:mean().dtype, half.dtype, half[1], (halves + 0.5)[1], (halves * 1.0).dtype
            """)
        #expect(values == [1, "float32", "float32", 0.5, 1.5, "float32"])
    }

    @Test func `A large whole number prints and is assigned as it is`() throws {
        let values = try lune().run(
            Self.integers + """
                t[2] = 16777221
                t[{ {1, 1} }] = lune.tensor({16777223}, { dtype = "int32" })
                local all = t:clone() all:assign(2147483647)
                return tostring(t), tostring(all[1])
                """)
        #expect(values == ["tensor int32[3]\n[16777223, 16777221, 16777219]", "2147483647"])
    }

    @Test(
        arguments: [
            (
                "t + 2147483647",
                "add: int32 holds -2147483648 to 2147483647, the result is 2164260864.0; "
                    + "t:to(\"float32\") has room for it"
            ),
            (
                "t * t",
                "multiply: int32 holds -2147483648 to 2147483647, the result is 281475010265089.0; "
                    + "t:to(\"float32\") has room for it"
            ),
            (
                "lune.full(2, 2147483647, { dtype = 'int32' }):sum()",
                "sum: int32 holds -2147483648 to 2147483647, the sum is 4294967294; t:to(\"float32\") has room for it"
            ),
            (
                "-lune.full(2, -2147483648, { dtype = 'int32' })",
                "subtract: int32 holds -2147483648 to 2147483647, the result is 2147483648.0; "
                    + "t:to(\"float32\") has room for it"
            ),
            (
                "lune.tensor({3e9}, { dtype = 'int32' })",
                "bad argument #1 to 'tensor' (int32 holds -2147483648 to 2147483647, got 3000000000.0)"
            ),
            (
                "t:assign(lune.tensor{1,2,2.5})",
                "bad argument #1 to 'assign' (an int32 tensor holds whole numbers, got 2.5; "
                    + "t:to(\"int32\") cuts fractions off)"
            ),
            ("t + lune.ones(2):to('int32')", "add: shapes [3] and [2] do not broadcast"),
        ])
    func `What int32 does not hold is an error`(expression: String, message: String) throws {
        let failure = try lune().failure(Self.integers + "local x = \(expression)")?.message
        #expect(failure == "script.lua:1: \(message)")
    }

    @Test func `The deviation of numbers around a large one is exact`() throws {
        let values = try lune().run(
            """
            local worst = 0
            for _, offset in ipairs { 0, 1e4, -1e5, 1e6 } do
              local list, mean, variance = {}, 0, 0
              for i = 1, 200 do list[i] = offset + (i * 37 % 101) / 16 end
              for _, v in ipairs(list) do mean = mean + v / #list end
              for _, v in ipairs(list) do variance = variance + (v - mean) ^ 2 / #list end
              local t = lune.tensor(list)
              worst = math.max(worst, math.abs(t:std():item() / variance ^ 0.5 - 1))
              worst = math.max(worst, math.abs(t:reshape(2, 100):std(2):mean():item() / variance ^ 0.5 - 1) - 0.1)
            end
            return worst < 1e-5
            """)
        #expect(values == [true])
    }
}
