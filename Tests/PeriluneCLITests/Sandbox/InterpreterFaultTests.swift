import PeriluneTestSupport
import Testing

/// Faults of Lua 5.4.4 that a script can reach. Those that end the process or touch freed memory are kept out of reach;
/// those that give wrong results cannot be mended from outside, and are written down here as they are.
@Suite struct InterpreterFaultTests {
    private func output(_ script: String, options: [String] = []) throws -> String {
        let run = try StrictRun(script, options: ["--time-limit", "20", "--memory-limit", "256"] + options).run
        #expect(run.status == 0, "\(run.errors)")
        return run.output
    }

    /// Each coroutine closes the one before in its `__close`.
    private static let chain = """
        local last
        for _ = 1, 12000 do
          local before = last
          last = coroutine.create(function()
            local x <close> = setmetatable({}, { __close = function()
              if before then CLOSE end
            end })
            coroutine.yield()
          end)
          coroutine.resume(last)
        end

        """

    @Test(arguments: ["strict", "trusted"])
    func `Coroutines that close one another do not overflow the C stack`(profile: String) throws {
        let chain = Self.chain.replacing("CLOSE", with: "assert(coroutine.close(before))")
        let text = try output(chain + "print(coroutine.close(last))", options: ["--profile", profile])
        #expect(text.hasPrefix("false\t"))
        #expect(text.contains("coroutines are closed within one another too deep"))
    }

    @Test func `Neither do those that fail within one another`() throws {
        let text = try output(
            """
            local function nest(n)
              return coroutine.wrap(function()
                local x <close> = setmetatable({}, { __close = function() if n > 0 then nest(n - 1)() end end })
                error('x')
              end)
            end
            print(pcall(nest(12000)))
            """)
        #expect(text.hasPrefix("false\t"))
    }

    @Test func `An error at the end of a long chain of fields does not overflow the C stack`() throws {
        let text = try output(
            "print(load('local t = ... return t' .. ('.a'):rep(120000) .. '.b()'))\\n".replacing("\\n", with: "\n")
                + "print(load('local t = ... return t' .. ('[t.a]'):rep(120000) .. '.b()'))\n"
                + "print(load('local t = ... return t' .. ('.a'):rep(400) .. '.b()') ~= nil)")
        let refusal = "nil\tchunk:1: more than 500 fields and indices in a row\n"
        #expect(text == refusal + refusal + "true\n")
    }

    @Test func `Nor does one in a script's file`() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(
            "chain.lua", "#!/usr/bin/env perilune\nlocal t = {}\nreturn t" + String(repeating: ".a", count: 120_000))
        let run = try ProgramRun.of("perilune", ["run", "--profile", "strict", path])
        #expect(run.errors.contains(":3: more than 500 fields and indices in a row"))
        #expect(run.status == 1)
    }

    /// Freed memory is used where the metatable of a table is weak: a script cannot make one so.
    @Test func `A metatable never becomes weak`() throws {
        #expect(
            try output(
                """
                local outer = {}
                local meta = setmetatable({}, outer)
                local t = setmetatable({}, meta)
                outer.__mode = 'v'
                -- What the script sees is as if nothing had happened.
                print(getmetatable(meta) == outer, getmetatable(t) == meta)
                meta.__newindex = setmetatable({}, { __newindex = function() print('reached') end })
                for _ = 1, 50 do local _ = ('x'):rep(1000000) end
                print(meta.__newindex)
                local later = {}
                setmetatable({}, later)
                local its = {}
                setmetatable(later, its)
                its.__mode = 'k'
                later[{}] = 1
                for _ = 1, 50 do local _ = ('x'):rep(1000000) end
                print(next(later) ~= nil)
                """
            ).contains(/true\ttrue\ntable: [0-9a-f]{8}\ntrue\n/))
    }

    @Test func `Wrong code for a comparison as an index of an upvalue is as it is`() throws {
        #expect(
            try output(
                """
                local t = { [true] = 1, [false] = 2 }
                local function pick(a, b) return t[a < b] end
                print(pcall(pick, 1, 2))
                local function pick(a, b) local less = a < b return t[less] end
                print(pcall(pick, 1, 2))
                """) == "false\t(command line):2: attempt to index a nil value\ntrue\t1\n")
    }

    @Test func `A wrong variable closed by a break is as it is`() throws {
        #expect(
            try output(
                """
                local closes = setmetatable({}, { __close = function() end })
                print(pcall(function()
                  for k, v in next, { 1 }, nil, closes do
                    local f = function() return k end
                    break
                  end
                  print("after")
                end))
                """) == "false\tattempt to call a nil value\n")
    }

    @Test func `Wrong folding in functions of more than 256 constants is as it is`() throws {
        #expect(
            try output(
                """
                local names = {}
                for i = 1, 300 do names[i] = ('x%d = %d.5'):format(i, i) end
                print(load(table.concat(names, '\\n') .. '\\nreturn 1 ~ (2 or 3), 1 | (2 or 3)')())
                """) != "3\t3\n")
    }

    @Test func `An error in a __close of a coroutine that is closed is an error all the same`() throws {
        #expect(
            try output(
                """
                local co = coroutine.create(function()
                  xpcall(function()
                    local x <close> = setmetatable({}, { __close = function() error('first') end })
                    coroutine.yield()
                  end, function(message) return 'handled: ' .. tostring(message) end)
                end)
                coroutine.resume(co)
                print((coroutine.close(co)), coroutine.status(co))
                """) == "false\tdead\n")
    }

    @Test func `Stray bytes in UTF-8 are found`() throws {
        #expect(try output("for p, c in utf8.codes('aé') do print(p, c) end") == "1\t97\n2\t233\n")
        #expect(try output("print(pcall(utf8.codes, 'a\\x80'))") == "false\tinvalid UTF-8 code at byte 2\n")
    }
}
