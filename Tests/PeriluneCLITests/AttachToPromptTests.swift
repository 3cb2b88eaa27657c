import Foundation
import PeriluneTestSupport
import Testing

/// Fits that are typed can be attached to as those of a script can.
@Suite struct AttachToPromptTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private var environment: [String: String] {
        [
            "XDG_RUNTIME_DIR": folder.url.path, "TMPDIR": folder.url.path, "HOME": folder.url.path,
            "XDG_STATE_HOME": folder.url.path, "XDG_CONFIG_HOME": folder.url.path,
        ]
    }

    private static let setUp = """
        model = lune.sequential { lune.dense(10) }
        model:compile { optimizer = lune.sgd { lr = 0.01 }, loss = "sparse_categorical_crossentropy" }
        ready = function(batch, logs, run) if run.step % 10 == 0 and say then say = nil print("rea" .. "dy") end end
        """
    private static let fit =
        "say = true; h = model:fit(lune.data.digits(), { epochs = 1000000, verbose = 0, callbacks = { { "
        + "on_train_batch_end = ready } } })"

    private func setUp(_ terminal: PseudoTerminal) throws {
        for line in Self.setUp.split(separator: "\n") {
            try terminal.expect("> ")
            terminal.enter(String(line))
        }
        try terminal.expect("> ")
    }

    /// Waits until the list shows the process of the terminal with this end of its line. While a batch goes on, which
    /// takes long on a busy machine, it is listed as busy.
    private func waitFor(_ end: String, _ terminal: PseudoTerminal) throws {
        let number = "\(terminal.process)"
        try Patience.wait {
            let lines = try RunListing.of([number], environment: environment)
            try #require(lines.count == 1, "\(lines)")
            return lines[0].hasSuffix(end)
        }
    }

    private func attach(_ terminal: PseudoTerminal, _ arguments: String...) throws -> ProgramRun {
        try ProgramRun.of("perilune", ["attach"] + arguments, environment: environment)
    }

    @Test(arguments: [["repl"], [], ["-i"]])
    func `a fit at the prompt is listed and can be steered`(arguments: [String]) throws {
        let terminal = try PseudoTerminal("perilune", arguments, environment: environment)
        try setUp(terminal)
        // The second one finds the socket of the first.
        for _ in 0..<2 {
            terminal.enter(Self.fit)
            try terminal.expect("\nready\n")
            try waitFor("training  (prompt)", terminal)
            let number = "\(terminal.process)"
            #expect(try attach(terminal, number, "-e", "optimizer.lr = 0.125").status == 0)
            #expect(try attach(terminal, number, "-e", "stop").status == 0)
            try terminal.expect("> ")
            terminal.enter("model.optimizer.lr, h.end_reason")
            try terminal.expect("0.125\n\"interrupted\"\n> ")
            try waitFor("between fits  (prompt)", terminal)
        }
        terminal.enter(":quit")
        #expect(try terminal.end() == 0)
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: folder.url.path + "/perilune").allSatisfy {
                !$0.hasSuffix(".sock")
            })
    }

    @Test(arguments: [["repl", "--no-attach"], ["-i", "--no-attach"]])
    func `it can be switched off`(arguments: [String]) throws {
        let terminal = try PseudoTerminal("perilune", arguments, environment: environment)
        try setUp(terminal)
        terminal.enter(Self.fit)
        try terminal.expect("\nready\n")
        #expect(try RunListing.of(["\(terminal.process)"], environment: environment) == [])
    }

    @Test func `a fit typed after a script is reached by the socket of the script`() throws {
        let script = try folder.write("setup.lua", "lune = require 'perilune'\n" + Self.setUp)
        let terminal = try PseudoTerminal("perilune", ["-i", script], environment: environment)
        try terminal.expect("> ")
        terminal.enter(Self.fit)
        try terminal.expect("\nready\n")
        try waitFor("training  \(script)", terminal)
        #expect(try attach(terminal, "\(terminal.process)", "-e", "stop").status == 0)
        try terminal.expect("> ")
        terminal.enter(":quit")
        #expect(try terminal.end() == 0)
    }
}
