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
            "local yields = coroutine.wrap(function() while true do coroutine.yield() end end) while true do yields() end",
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
            "pcall(load, 'return 1') while true do load('x = 1')() end",
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
            "table.move({}, 1, 0, 1) local t = {} for i = 1, 1e6 do t[i] = i end for i = 1, 1e3 do table.move(t, 1, 1e6, #t + 1) end",
        ])
    func `A script that takes all memory ends at its limit`(script: String) throws {
        let run = try StrictRun(script + "\nprint('went on')", options: ["--time-limit", "20"]).run
        #expect(run.status == 1)
        #expect(run.output == "")
        #expect(run.errors.hasPrefix("perilune: (command line):1: \(StrictRun.memoryLimitMessage)\n"), "\(run.errors)")
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
        #expect(first == "perilune: (command line):1: " + message || first == "perilune: " + message, "\(run.errors)")
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
