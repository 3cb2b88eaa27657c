import Foundation
import PeriluneTestSupport
import Testing

/// People who attach and are slow, impatient or gone do not get in the way of a run, nor of each other.
@Suite struct AttachRobustnessTests {
    private func attach(_ run: RunInBackground, _ settings: [String: String] = [:]) throws -> PseudoTerminal {
        let client = try PseudoTerminal(
            "perilune", ["attach", run.number], environment: run.environment.merging(settings) { $1 })
        try client.expect("\(run.number)> ")
        return client
    }

    private func step(_ run: RunInBackground) throws -> Int {
        try #require(Int(try run.attach("-e", "run.step").output.dropLast()))
    }

    /// Waits until those who attach are served within a fit of so many epochs.
    private func waitForFit(of epochs: Int, _ run: RunInBackground) throws {
        try Patience.wait { try run.attach("-e", "run.params.epochs").output == "\(epochs)\n" }
    }

    @Test func `a run does not wait for a watcher that is stopped`() throws {
        let run = try RunInBackground()
        let watcher = try attach(run)
        watcher.enter(":watch 1")
        try watcher.expect("in epoch ")
        kill(watcher.process, SIGSTOP)
        // The socket has room for some hundreds of lines; a run that waits once they are used up makes a batch in two
        // seconds, and would be at it for an hour.
        let before = try step(run)
        try Patience.wait { try step(run) >= before + 3000 }
        // It has missed some, and goes on with what is new.
        kill(watcher.process, SIGCONT)
        watcher.enter("")
        try watcher.expect("\n\(run.number)> ")
        watcher.enter("print('still ' .. 'here')")
        try watcher.expect("still here\n")
        watcher.enter("stop")
        #expect(try run.end() == 0)
    }

    /// A run that a callback holds up for ever from its tenth step on.
    private static let stuck = RunInBackground.script.replacing(
        "io.stdout:flush()", with: "io.stdout:flush() while not go do os.execute('sleep 0.01') end")

    @Test func `Ctrl-C gives up what a busy run has not come to, and Tab does not wait for ever`() throws {
        let run = try RunInBackground(Self.stuck)
        let client = try attach(run)
        // Any number of times: it is the third for one line that ends the program.
        for _ in 0..<4 {
            client.type(PseudoTerminal.controlC)
            try client.expect("\(run.number)> ")
        }
        for _ in 0..<4 {
            // The client answers the first half of this itself, and then waits for the run.
            client.enter("?")
            try client.expect("leave the run alone again\n")
            client.type(PseudoTerminal.controlC)
            try client.expect("given up")
            try client.expect("\(run.number)> ")
        }
        client.enter(":quit")
        #expect(try client.end() == 0)
        let edited = try attach(run, ["TERM": "xterm"])
        edited.type("opti\t\u{15}:quit\n")
        #expect(try edited.end() == 0)
    }

    @Test func `Ctrl-C ends the wait for steps, and the run stands still for who asked`() throws {
        let run = try RunInBackground()
        let client = try attach(run)
        client.enter("step 1000000000")
        try client.expect("step 1000000000\n")
        // Others see that it goes on.
        let before = try step(run)
        try Patience.wait { try step(run) != before }
        client.type(PseudoTerminal.controlC)
        try client.expect("paused ")
        try client.expect("\(run.number) paused> ")
        client.enter("run.step == run.step")
        try client.expect("true\n")
        client.enter(":quit")
        try client.expect("the run goes on")
        #expect(try client.end() == 0)
        let after = try step(run)
        try Patience.wait { try step(run) != after }
    }

    @Test func `a fit that was started by somebody attached ends with him, or when he gives it up`() throws {
        let run = try RunInBackground()
        // It goes on whatever it is told by errors.
        let fit = """
            local m = lune.sequential { lune.dense(1) } m:compile { loss = "mse" } print("in" .. "ner") \
            repeat pcall(m.fit, m, lune.ones(4, 2), lune.ones(4, 1), { epochs = 1000000000, verbose = 0 }) until false
            """
        let client = try attach(run)
        client.enter(fit)
        try client.expect("inner\n")
        // Others see that fit, and are served within it.
        try waitForFit(of: 1_000_000_000, run)
        client.type(PseudoTerminal.controlC)
        try client.expect("interrupted\n")
        try client.expect("\(run.number)> ")
        try waitForFit(of: 1_000_000, run)
        client.enter(fit)
        try client.expect("inner\n")
        try waitForFit(of: 1_000_000_000, run)
        kill(client.process, SIGKILL)
        _ = try client.end()
        try waitForFit(of: 1_000_000, run)
        _ = try run.attach("-e", "stop")
        #expect(try run.end() == 0)
        #expect(run.output == "ready\nafter\tinterrupted\t0.01\tnil\n")
    }

    @Test func `to leave is no failure, and a pause that ends with it is told`() throws {
        let run = try RunInBackground()
        let left = try run.attach("-e", ":quit")
        #expect((left.output, left.errors, left.status) == ("", "", 0))
        let paused = try run.attach("-e", "pause")
        #expect(paused.output.hasPrefix("paused "))
        #expect(paused.errors == "perilune: the run goes on: a pause lasts as long as one stays attached\n")
        #expect(paused.status == 0)
    }

    @Test(arguments: ["gone", String(repeating: "x", count: 100)])
    func `a runtime folder that is of no use is done without`(name: String) throws {
        let folder = try TemporaryFolder()
        let runtime = folder.url.path + "/" + name
        if name != "gone" {
            try FileManager.default.createDirectory(atPath: runtime, withIntermediateDirectories: false)
        }
        let environment = ["XDG_RUNTIME_DIR": runtime, "TMPDIR": folder.url.path]
        let terminal = try PseudoTerminal("perilune", ["-e", RunInBackground.script], environment: environment)
        try terminal.expect("ready\n")
        #expect(!terminal.output.contains("cannot be attached to"))
        let number = "\(terminal.process)"
        #expect(try RunListing.of([number], environment: environment).count == 1)
        #expect(try ProgramRun.of("perilune", ["attach", number, "-e", "stop"], environment: environment).status == 0)
        #expect(try terminal.end() == 0)
    }

    @Test func `a stopped process is listed`() throws {
        let run = try RunInBackground()
        kill(run.process.processIdentifier, SIGSTOP)
        let lines = try RunListing.of([run.number], environment: run.environment)
        kill(run.process.processIdentifier, SIGCONT)
        #expect(lines.count == 1 && lines[0].contains("no answer"), "\(lines)")
    }

    @Test func `what is shown suits the terminal of who asked`() throws {
        let run = try RunInBackground()
        let client = try attach(run, ["TERM": "xterm", "NO_COLOR": ""])
        client.enter("6 * 7")
        try client.expect("\u{1B}[36m42\u{1B}[0m")
        client.enter("{ ('x'):rep(90), ('y'):rep(90) }")
        // 200 columns have room for both.
        try client.expect("xx\"\u{1B}[0m, \u{1B}[32m\"yy")
        let plain = try run.attach("-e", "{ ('x'):rep(90), ('y'):rep(90) }")
        #expect(plain.output.split(separator: "\n").count == 4)
        #expect(!plain.output.contains("\u{1B}"))
    }
}
