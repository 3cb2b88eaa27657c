import Foundation
import PeriluneTestSupport
import Testing

/// The prompt as a person at a terminal meets it.
@Suite struct TerminalTests {
    private static let up = "\u{1B}[A"

    @Test(arguments: [[], ["repl"], ["-i"]])
    func `a line is typed and its value shown`(arguments: [String]) throws {
        let terminal = try PseudoTerminal.prompt(arguments)
        #expect(terminal.output.contains("perilune 0.1.0, Lua 5.4. Type ? for help"))
        terminal.enter("6 * 7")
        try terminal.expect("\n42\n")
        try terminal.expect("> ")
        terminal.enter("'größe'")
        try terminal.expect("\"größe\"\n")
        terminal.enter(":quit")
        #expect(try terminal.end() == 0)
    }

    @Test func `a statement goes on in the next line`() throws {
        let terminal = try PseudoTerminal.prompt()
        terminal.enter("for i = 1, 1 do")
        try terminal.expect(">> ")
        terminal.enter("print('in', i)")
        try terminal.expect(">> ")
        terminal.enter("end")
        try terminal.expect("\nin\t1\n> ")
        terminal.type("\u{4}")
        #expect(try terminal.end() == 0)
    }

    @Test func `Tab completes, and lists where there is a choice`() throws {
        let terminal = try PseudoTerminal.prompt()
        terminal.type("lune.early_s\t")
        try terminal.expect("topping")
        terminal.type("\u{3}")
        try terminal.expect("> ")
        terminal.type("string.re\t")
        try terminal.expect("rep      reverse")
        try terminal.expect("string.re")
        terminal.enter("p('ab', 2)")
        try terminal.expect("\"abab\"\n")
        terminal.type("\tx = 3\r")
        try terminal.expect("> ")
        terminal.enter("x")
        try terminal.expect("\n3\n")
    }

    @Test func `Ctrl-C gives up what was typed`() throws {
        let terminal = try PseudoTerminal.prompt()
        terminal.enter("for i = 1, 2 do")
        try terminal.expect(">> ")
        terminal.type("half a line\u{3}")
        try terminal.expect("^C\n")
        try terminal.expect("> ")
        terminal.enter("'still here'")
        try terminal.expect("\n\"still here\"\n> ")
        terminal.type("\u{4}")
        #expect(try terminal.end() == 0)
    }

    @Test(arguments: ["vt100", "dumb"])
    func `Ctrl-D in the middle of a statement gives that up, and not the session`(kind: String) throws {
        let terminal = try PseudoTerminal.prompt(environment: ["TERM": kind])
        terminal.enter("for i = 1, 2 do")
        try terminal.expect(">> ")
        terminal.type("\u{4}")
        try terminal.expect("in the middle of a statement\n")
        try terminal.expect("> ")
        terminal.enter("'still ' .. 'here'")
        try terminal.expect("\"still here\"\n> ")
        terminal.type("\u{4}")
        #expect(try terminal.end() == 0)
    }

    @Test func `a Ctrl-C that comes too late does no harm`() throws {
        let terminal = try PseudoTerminal.prompt()
        // One at a time: the third for one line ends the program, and is meant to.
        for number in 0..<20 {
            terminal.enter("1")
            terminal.type("\u{3}")
            terminal.enter("")
            terminal.enter("'still ' .. 'here \(number)'")
            try terminal.expect("\"still here \(number)\"\n")
        }
        terminal.enter(":quit")
        #expect(try terminal.end() == 0)
    }

    @Test func `Ctrl-C stops a line that runs`() throws {
        let terminal = try PseudoTerminal.prompt()
        for _ in 0..<2 {
            terminal.enter("print('spinning') io.stdout:flush() while true do end")
            try terminal.expect("\nspinning\n")
            terminal.type("\u{3}")
            try terminal.expect("interrupted\n")
            try terminal.expect("> ")
        }
        terminal.enter("'still here'")
        try terminal.expect("\n\"still here\"\n")
        terminal.enter(":quit")
        #expect(try terminal.end() == 0)
    }

    @Test func `history is kept from session to session`() throws {
        let folder = try TemporaryFolder()
        let first = try PseudoTerminal.prompt(home: folder)
        for line in ["first = 'one'", "second = 'two'", "second = 'two'"] {
            first.enter(line)
            try first.expect("> ")
        }
        first.enter(":quit")
        #expect(try first.end() == 0)
        let path = folder.url.appendingPathComponent("perilune/history").path
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "first = 'one'\nsecond = 'two'\n")
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode == 0o600)

        let second = try PseudoTerminal.prompt(home: folder)
        second.type(Self.up)
        try second.expect("second = 'two'")
        second.type(Self.up)
        try second.expect("fir")
        second.type("\r")
        try second.expect("> ")
        second.enter("first, second")
        try second.expect("\"one\"\nnil\n> ")
        // Ctrl-R looks for what is typed; Enter takes what was found.
        second.type("\u{12}d = ")
        try second.expect("bck:")
        second.type("\r")
        try second.expect("\n> ")
        second.enter("second")
        try second.expect("\"two\"\n")
    }

    @Test func `a statement of several lines comes back as one`() throws {
        let folder = try TemporaryFolder()
        let terminal = try PseudoTerminal.prompt(home: folder)
        for line in ["for i = 1, 2 do", "  print(i)", "end"] { terminal.enter(line) }
        try terminal.expect("\n2\n")
        try terminal.expect("> ")
        terminal.enter(":quit")
        _ = try terminal.end()
        let path = folder.url.appendingPathComponent("perilune/history").path
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "for i = 1, 2 do print(i) end\n")
    }

    @Test func `colours show where they are wanted`() throws {
        let terminal = try PseudoTerminal.prompt(environment: ["NO_COLOR": ""])
        terminal.enter("42")
        try terminal.expect("\u{1B}[36m42\u{1B}[0m")
    }

    @Test func `a dumb terminal does`() throws {
        let terminal = try PseudoTerminal.prompt(environment: ["TERM": "dumb", "NO_COLOR": ""])
        terminal.type("1 + 1\n")
        try terminal.expect("2\n> ")
        terminal.type("half\u{3}")
        try terminal.expect("> ")
        terminal.type("{ 1 }\n")
        try terminal.expect("{1}\n> ")
        terminal.type("\u{4}")
        #expect(try terminal.end() == 0)
        #expect(!terminal.output.contains("\u{1B}"))
    }
}
