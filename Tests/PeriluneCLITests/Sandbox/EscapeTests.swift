import PeriluneTestSupport
import Testing

/// Tricks by which scripts got past the limits of one host or another: each has to end by itself, as an error that says
/// where and why.
@Suite struct EscapeTests {
    @Test(
        arguments: [
            "while true do end",
            "while true do pcall(function() while true do end end) end",
            "string.gsub(('x'):rep(1e6), 'x', function() pcall(function() while true do end end) end)",
            "xpcall(function() while true do end end, function() while true do end end)",
            "xpcall(error, function() while true do end end)",
            "xpcall(error, function() while true do pcall(error) end end)",
            "local t <close> = setmetatable({}, { __close = function() while true do end end })",
            "setmetatable({}, { __index = function() while true do end end }).x()",
            "print(setmetatable({}, { __tostring = function() while true do end end }))",
            "coroutine.wrap(function() while true do end end)()",
            "while true do coroutine.resume(coroutine.create(function() while true do end end)) end",
            "coroutine.wrap(function() while true do pcall(function() while true do end end) end end)()",
            "local co = coroutine.create(function() local x <close> = setmetatable({}, "
                + "{ __close = function() while true do end end }) coroutine.yield() end) "
                + "coroutine.resume(co) while true do coroutine.close(co) end",
            "local yields = coroutine.wrap(function() while true do coroutine.yield() end end) "
                + "while true do yields() end",
            "local P = setmetatable({}, { __index = rawequal, __newindex = rawequal }) table.move(P, 1, 1 << 53, 1, P)",
            "local P = setmetatable({}, { __index = {} }) table.move(P, 1, 1 << 53, 1, P)",
            "local P = setmetatable({}, { __len = function() return 1 << 53 end, __index = {} }) table.insert(P, 1, 0)",
            "local P = setmetatable({}, { __len = function() return 1 << 53 end, __index = {} }) table.remove(P, 1)",
            "local t = {} for i = 1, 2e6 do t[i] = i * 7919 % 1000003 end table.sort(t)",
            "string.find(('a'):rep(3000), '.-.-.-.-.-b')",
            "string.match(('a'):rep(50000), 'a*a*a*b')",
            "string.gsub(('a'):rep(50000), '(a*)*%1b', '')",
            "for _ in string.gmatch(('a'):rep(50000), 'a*a*a*b') do end",
            "string.find(('('):rep(1e6), ('%b()'):rep(100))",
            // The loaded text has the script's name, because its own line may be the one that runs when time is over.
            "pcall(load, 'return 1') while true do load('x = 1', '=(command line)')() end",
            // The parser takes the square of the number of open jumps.
            "load('if a then ' .. ('elseif a then '):rep(70000) .. 'end')",
            "load('return ' .. ('a and '):rep(170000) .. 'a')",
            "pcall(load, 'return ' .. ('a or '):rep(200000) .. 'a')",
        ])
    func `A script that goes on for ever ends at its limit`(script: String) throws {
        let run = try StrictRun(script).run
        #expect(run.status == 1)
        #expect(run.errors.hasPrefix("perilune: (command line):1: \(StrictRun.timeLimitMessage)\n"), "\(run.errors)")
    }

    @Test(
        arguments: [
            "local t = {} for i = 1, 1e9 do t[i] = i end",
            "local s = 'x' while true do s = s .. s end",
            "local s = ('x'):rep(1 << 40)",
            "local s = ('x'):rep(1 << 24, ('y'):rep(1 << 20))",
            "while true do pcall(function() local s = 'x' while true do s = s .. s end end) end",
            "pcall(function() local s = 'x' while true do s = s .. s end end)",
            "xpcall(function() local s = 'x' while true do s = s .. s end end, function() end)",
            "coroutine.resume(coroutine.create(function() local s = 'x' while true do s = s .. s end end))",
            "pcall(coroutine.wrap(function() local s = 'x' while true do s = s .. s end end))",
            "local t = {} while true do t[#t + 1] = coroutine.create(print) end",
            "local t = {} while true do t[#t + 1] = coroutine.wrap(function() end) end",
            "table.concat({ ('x'):rep(3e7), ('x'):rep(3e7) }, ('x'):rep(3e7))",
            "string.gsub(('x'):rep(1e6), 'x', ('y'):rep(1e4))",
            "string.format('%s%s%s', ('x'):rep(2e7), ('x'):rep(2e7), ('x'):rep(2e7))",
            "table.move({}, 1, 0, 1) local t = {} for i = 1, 1e6 do t[i] = i end for i = 1, 1e3 do "
                + "table.move(t, 1, 1e6, #t + 1) end",
        ])
    func `A script that takes all memory ends at its limit`(script: String) throws {
        let run = try StrictRun(script + "\nprint('went on')", options: ["--time-limit", "20"]).run
        #expect(run.status == 1)
        #expect(run.output == "")
        #expect(run.errors.hasPrefix("perilune: (command line):1: \(StrictRun.memoryLimitMessage)\n"), "\(run.errors)")
    }

    /// Time that grows with the square of the stack, in loops that no hook reaches.
    @Test(
        arguments: [
            "local m = {} m.__call = m pcall(setmetatable(m, m))",
            "local f = print for _ = 1, 200000 do f = setmetatable({}, { __call = f }) end pcall(f)",
            // A large stack that is there already.
            "local m = {} m.__call = m setmetatable(m, m) pcall(table.unpack, {}, 1, 900000) pcall(m)",
            "local m = {} m.__call = m setmetatable(m, m) local function deep(n) if n == 0 then return pcall(m) end "
                + "return (deep(n - 1)) end deep(2000)",
            "local m = {} m.__call = m setmetatable(m, m) coroutine.wrap(function() pcall(m) end)()",
            "local m = {} m.__call = m return setmetatable({}, { __add = setmetatable(m, m) }) + 1",
        ])
    func `A call that piles up values ends`(script: String) throws {
        let run = try StrictRun(script, options: ["--time-limit", "20"]).run
        #expect(run.status == 1)
        #expect(
            run.errors.hasPrefix("perilune: (command line):1: stack overflow (more than 16384 values)\n"),
            "\(run.errors)")
    }

    @Test func `Deep recursion is an error that can be caught, and goes on for ever with no effect`() throws {
        let run = try StrictRun(
            """
            local function down(n) return n == 0 and 0 or 1 + down(n - 1) end
            print(down(1500))
            for _ = 1, 3 do print(pcall(down, 1e9)) end
            print(select('#', table.unpack({}, 1, 16000)), pcall(table.unpack, {}, 1, 900000))
            print(coroutine.wrap(function() return pcall(down, 1e9) end)())
            """, options: ["--time-limit", "20"]
        ).run
        let overflow = "stack overflow (more than 16384 values)"
        let lines = run.output.split(separator: "\n")
        #expect(lines.count == 6)
        #expect(lines.first == "1500")
        #expect(
            lines.dropFirst().prefix(3).allSatisfy { $0 == "false\t(command line):1: \(overflow)" }, "\(run.output)")
        #expect(lines.dropFirst(4).first == "16000\tfalse\tstack overflow (more than 16384 values)", "\(run.output)")
        #expect(lines.last == "false\t(command line):1: \(overflow)")
        #expect(run.status == 0, "\(run.errors)")
    }

    @Test(arguments: ["a and ", "a or "])
    func `A script's file that takes long to read ends at the limit too`(text: String) throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("slow.lua", "return " + String(repeating: text, count: 400_000) + "a")
        let run = try ProgramRun.of(
            "perilune", ["run", "--profile", "strict", "--time-limit", "0.5", path], limit: 60)
        #expect(run.errors.hasPrefix("perilune: \(path): the time limit of 0.5 s is over\n"), "\(run.errors)")
        #expect(run.status == 1)
    }

    /// What is refused at once, with the message.
    @Test(
        arguments: [
            (
                "setmetatable({}, { __gc = function() while true do end end })",
                "the strict profile has no '__gc' in metatables: finalizers run beyond all limits"
            ),
            (
                "setmetatable({}, { __mode = 'k' })",
                "the strict profile has no '__mode' in metatables: there are no weak tables"
            ),
            (
                "load(function() while true do end end)",
                "bad argument #1 to 'load' (string expected, got function)"
            ),
            ("load('x = 1', 'x', 'b')", "bad argument #3 to 'load' (the strict profile loads text only)"),
            ("load(('x'):rep((1 << 20) + 1))", "bad argument #1 to 'load' (longer than 1 MiB)"),
            ("string.format('%p', {})", "the strict profile has no '%p' in 'format': it shows addresses"),
            ("require 'socket'", "module 'socket' not found: the strict profile has 'perilune' alone"),
            ("require 'string'", "module 'string' not found: the strict profile has 'perilune' alone"),
            (
                "collectgarbage('stop')",
                "the strict profile has collectgarbage(\"count\") alone, got \"stop\""
            ),
            ("math.randomseed()", "bad argument #1 to 'randomseed' (value expected)"),
            ("for _ in utf8.codes('a\\x80') do end", "invalid UTF-8 code at byte 2"),
            ("setmetatable(getmetatable(''), {})", "bad argument #1 to 'setmetatable' (table expected, got boolean)"),
            ("setmetatable('', {})", "bad argument #1 to 'setmetatable' (table expected, got string)"),
            ("debug.sethook()", "attempt to index a nil value (global 'debug')"),
            ("io.open('/etc/passwd')", "attempt to index a nil value (global 'io')"),
            ("os.execute('true')", "attempt to call a nil value (field 'execute')"),
            ("os.exit(0)", "attempt to call a nil value (field 'exit')"),
            ("dofile('x.lua')", "attempt to call a nil value (global 'dofile')"),
            ("package.loadlib('x', 'y')", "attempt to index a nil value (global 'package')"),
            ("string.dump(print)", "attempt to call a nil value (field 'dump')"),
            ("table.sort({ 3, 1, 2, 5, 4, 7, 6 }, function() return true end)", "invalid order function for sorting"),
        ])
    func `What cannot be bounded is refused`(script: String, message: String) throws {
        let run = try StrictRun(script, options: ["--time-limit", "20"]).run
        #expect(run.status == 1)
        let first = run.errors.prefix { $0 != "\n" }
        #expect(
            first.hasPrefix("perilune: (command line):1: " + message) || first == "perilune: " + message,
            "\(run.errors)")
    }

    @Test func `Repeating nothing takes no time`() throws {
        let run = try StrictRun(
            "print(#(''):rep(1 << 62), #(''):rep(1 << 62, ''))", options: ["--time-limit", "20"]
        ).run
        #expect(run.output == "0\t0\n")
        #expect(run.status == 0)
    }

    @Test func `Plain searches take time in proportion to the text`() throws {
        let run = try StrictRun(
            "print(('a'):rep(1e6):find(('a'):rep(5e5) .. 'b', 1, true))", options: ["--time-limit", "20"])
        #expect(run.run.output == "nil\n")
    }

    @Test func `Precompiled code is not loaded`() throws {
        let run = try StrictRun("print(load('\\27Lua'))", options: ["--time-limit", "20"]).run
        #expect(run.output == "nil\tattempt to load a binary chunk (mode is 't')\n")
    }
}
