import Testing

/// Text that is pasted at a terminal that tells so, and what becomes of the line there on Ctrl-C and Ctrl-Z.
@Suite struct PasteTests {
    private static let begin = "\u{1B}[200~"
    private static let end = "\u{1B}[201~"

    private func prompt() throws -> PseudoTerminal {
        let terminal = try PseudoTerminal.prompt(environment: ["TERM": "xterm"])
        // The terminal is asked to tell what is pasted.
        #expect(terminal.output.contains("\u{1B}[?2004h"))
        return terminal
    }

    @Test func `tabs in what is pasted are tabs`() throws {
        let terminal = try prompt()
        // A Tab that completes would make `return` of this, with what follows stuck to it.
        let lines = (1...30).map { "\t-- größe 日本語 \($0)\n\ttotal = total\t+ \($0)" }.joined(separator: "\n")
        terminal.type(
            "\(Self.begin)function f()\n\tlocal total\t= 0\n\(lines)\n\n\treturn\ttotal, 'a\tb'\nend\n\(Self.end)")
        terminal.enter("f()")
        try terminal.expect("465\n\"a\\tb\"\n")
        // After it Tab completes again.
        terminal.type("string.rever\t")
        try terminal.expect("se")
        terminal.enter("('ab')")
        try terminal.expect("\"ba\"\n")
        // And what runs is not told.
        try terminal.expect("\u{1B}[?2004h")
        terminal.enter(":quit")
        try terminal.expect("\u{1B}[?2004l")
        #expect(try terminal.end() == 0)
    }

    @Test func `Ctrl-C ends a paste that never ended`() throws {
        let terminal = try prompt()
        terminal.type("\(Self.begin)half\t\u{3}")
        try terminal.expect("^C\n")
        terminal.type("string.rever\t")
        try terminal.expect("se")
        terminal.type("\u{3}")
        try terminal.expect("^C\n")
        terminal.enter(":quit")
        #expect(try terminal.end() == 0)
    }

    @Test func `Ctrl-C in the middle of a line marks its end`() throws {
        let terminal = try prompt()
        let long = "x = '" + String(repeating: "abc ", count: 60) + "END'"
        terminal.type(long)
        try terminal.expect("END'")
        // To the beginning, three rows up.
        terminal.type("\u{1}\u{3}")
        // Two rows down again, and only then the mark and the next line.
        let shown = try terminal.expect("^C\n")
        #expect(shown.contains("\n"), "\(shown)")
        try terminal.expect("> ")
        terminal.enter("x")
        try terminal.expect("nil\n")
        terminal.enter(":quit")
        #expect(try terminal.end() == 0)
    }
}
