import Foundation
import PeriluneTestSupport
import Testing

/// `perilune attach`: a prompt in a run of another process.
@Suite struct AttachTests {
    @Test func `a line is carried out in the run, which goes on`() throws {
        let run = try RunInBackground()
        let changed = try run.attach("-e", "optimizer.lr = 0.125")
        #expect((changed.output, changed.errors) == ("", ""))
        #expect(changed.status == 0)
        let asked = try run.attach("-e", "print('lr', model.optimizer.lr, run.epoch > 0)")
        #expect(asked.output == "lr\t0.125\ttrue\n")
        #expect(try run.attach("-e", "stop").status == 0)
        #expect(try run.end() == 0)
        // What was printed for somebody attached is not in the output of the run.
        #expect(run.output == "ready\nafter\tinterrupted\t0.125\tnil\n")
        #expect(!FileManager.default.fileExists(atPath: run.socket))
    }

    @Test func `a line that fails has status 1, and ends nothing`() throws {
        let run = try RunInBackground()
        let failed = try run.attach("-e", "error('mine')")
        #expect(failed.errors.hasPrefix("prompt:1: mine\n"))
        #expect((failed.output, failed.status) == ("", 1))
        let half = try run.attach("-e", "print('whole') print('and ' .. nothing)")
        #expect(half.output == "whole\n")
        #expect(half.errors.contains("'nothing'"))
        #expect(half.status == 1)
        let misused = try run.attach("-e", "step none")
        #expect(misused.errors == "step takes a number of batches of 1 or more, got 'none'\n")
        #expect((misused.output, misused.status) == ("", 1))
        let unfinished = try run.attach("-e", "for i = 1, 2 do")
        #expect(unfinished.errors.contains("in the middle of a statement"))
        #expect(unfinished.status == 1)
        #expect(try run.attach("-e", "1 + 1").output == "2\n")
        let aborted = try run.attach("-e", "abort")
        #expect(aborted.status == 0)
        #expect(try run.end() == 1)
        #expect(run.output.contains("aborted at the prompt"))
    }

    @Test func `without a terminal lines come from standard input, and pause holds the run`() throws {
        let run = try RunInBackground()
        let session = try run.attach(
            input: """
                pause
                first = run.step
                step 3
                second = run.step
                next
                print(second - first, run.batch, run.params.steps)
                for i = 1, 2 do
                  answer = i
                end
                continue
                :quit

                """)
        let lines = session.output.split(separator: "\n")
        try #require(lines.count == 4, "\(session.output)\(session.errors)")
        #expect(lines[0].hasPrefix("paused "))
        #expect(lines[1].hasPrefix("paused in epoch "))
        #expect(lines[2].hasPrefix("paused after epoch "))
        #expect(lines[3] == "3\t57\t57")
        #expect(session.status == 0)
        _ = try run.attach("-e", "stop")
        #expect(try run.end() == 0)
        #expect(run.output.hasSuffix("\t2\n"))
    }

    @Test func `a line of a pipe that fails tells so on standard error, and the next one is carried out`() throws {
        let run = try RunInBackground()
        let session = try run.attach(input: "print('one')\nerror('mine')\n:watch x\nprint('two')\n")
        #expect(session.output == "one\ntwo\n")
        #expect(session.errors == "prompt:1: mine\n:watch takes a number of batches, got 'x'\n")
        #expect(session.status == 1)
        // What comes too late for a run is not carried out, and the status tells.
        let late = try run.attach(input: "os.exit(3)\nprint('late')\n")
        #expect(late.output == "")
        #expect(late.errors.hasPrefix("the run "))
        #expect(late.status == 1)
        #expect(try run.end() == 3)
    }

    @Test func `the runs are listed, and what nobody listens to is removed`() throws {
        let first = try RunInBackground()
        let second = try RunInBackground(in: first.folder)
        let stale = first.folder.url.path + "/perilune/999999.sock"
        try makeStaleSocket(stale)
        let own = [first.number, second.number]
        try Patience.wait {
            let lines = try RunListing.of(own, environment: first.environment)
            try #require(lines.count == 2, "\(lines)")
            return lines.allSatisfy { $0.contains("/1000000") && $0.hasSuffix("training  (command line)") }
        }
        #expect(!FileManager.default.fileExists(atPath: stale))
        kill(first.process.processIdentifier, SIGTERM)
        #expect(try first.end() == 143)
        kill(second.process.processIdentifier, SIGKILL)
        _ = try second.end()
        // A run that was killed left its socket behind.
        #expect(FileManager.default.fileExists(atPath: second.socket))
        #expect(try RunListing.of(own, environment: first.environment) == [])
        #expect(!FileManager.default.fileExists(atPath: second.socket))
        let gone = try second.attach("-e", "1")
        #expect(
            gone.errors == "perilune: process \(second.number) has no run to attach to; perilune attach lists those "
                + "that there are\n")
        #expect(gone.status == 1)
    }

    /// A socket that its process left behind.
    private func makeStaleSocket(_ path: String) throws {
        let file = socket(AF_UNIX, Int32(SOCK_SEQPACKET.rawValue), 0)
        defer { close(file) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
        let size = socklen_t(MemoryLayout<sockaddr_un>.size)
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(file, $0, size) }
        }
        try #require(result == 0)
    }

    @Test func `folder and socket are the owner's alone`() throws {
        let run = try RunInBackground()
        func mode(_ path: String) throws -> Int? {
            try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        }
        #expect(try mode(run.folder.url.path + "/perilune") == 0o700)
        #expect(try mode(run.socket) == 0o600)
    }

    @Test func `a folder that is open to others, or a link, is not used`() throws {
        for prepare in [
            { path in
                try FileManager.default.createDirectory(
                    atPath: path, withIntermediateDirectories: false,
                    attributes: [.posixPermissions: 0o755])
            },
            { path in try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: "elsewhere") },
        ] as [(String) throws -> Void] {
            let folder = try TemporaryFolder()
            try prepare(folder.url.path + "/perilune")
            let script = RunInBackground.script.replacing("1000000", with: "1")
            let run = try ProgramRun.of("perilune", ["-e", script], environment: ["XDG_RUNTIME_DIR": folder.url.path])
            #expect(run.errors.hasPrefix("perilune: cannot be attached to: "))
            #expect(run.status == 0)
        }
    }

    @Test func `it can be switched off`() throws {
        let run = try RunInBackground(RunInBackground.script, ["--no-attach"])
        #expect(!FileManager.default.fileExists(atPath: run.socket))
        #expect(try run.attach("-e", "1").status == 1)
    }

    @Test func `between fits the answer comes at once`() throws {
        let script =
            RunInBackground.script.replacing("1000000", with: "1")
            + "\nprint('idle') io.stdout:flush() io.popen('sleep 30'):read()"
        let run = try RunInBackground(script)
        try run.waitFor { $0.contains("idle\n") }
        let asked = try run.attach("-e", "run.epoch")
        #expect(asked.errors == "no fit is in progress: the script does something else\n")
        #expect((asked.output, asked.status) == ("", 1))
        let list = try RunListing.of([run.number], environment: run.environment)
        #expect(list.count == 1 && list[0].contains("between fits"), "\(list)")
    }

    @Test func `a run whose batch takes long is listed as busy`() throws {
        let script = RunInBackground.script.replacing(
            "io.stdout:flush()", with: "io.stdout:flush() local t = {} for i = 1, 4e9 do t[i & 1023] = i % 77 end")
        let run = try RunInBackground(script)
        let list = try RunListing.of([run.number], environment: run.environment)
        #expect(list.count == 1 && list[0].hasSuffix("  busy  (command line)"), "\(list)")
    }

    @Test func `a client that is killed lets the run go on`() throws {
        let run = try RunInBackground()
        // While the run stands still for it, and while its code runs.
        for (line, answer) in [("pause", "paused> "), ("print('loop' .. 'ing') while true do end", "looping\n")] {
            let client = try PseudoTerminal("perilune", ["attach", run.number], environment: run.environment)
            try client.expect("\(run.number)> ")
            client.enter(line)
            try client.expect(answer)
            kill(client.process, SIGKILL)
            _ = try client.end()
            let before = try run.attach("-e", "run.step").output
            let after = try run.attach("-e", "run.step").output
            #expect(try #require(Int(before.dropLast())) < #require(Int(after.dropLast())))
        }
        _ = try run.attach("-e", "stop")
        #expect(try run.end() == 0)
        #expect(run.output == "ready\nafter\tinterrupted\t0.01\tnil\n")
    }

    @Test func `two are served one at a time, and each sees what is its own`() throws {
        let run = try RunInBackground()
        let (one, two) = (
            try PseudoTerminal("perilune", ["attach", run.number], environment: run.environment),
            try PseudoTerminal("perilune", ["attach", run.number], environment: run.environment)
        )
        for client in [one, two] { try client.expect("\(run.number)> ") }
        one.enter("pause")
        try one.expect("\(run.number) paused> ")
        two.enter("print('for ' .. 'two')")
        try two.expect("for two\n")
        one.enter("print('for ' .. 'one')")
        try one.expect("for one\n")
        #expect(!one.output.contains("for two"))
        #expect(!two.output.contains("for one"))
        // Anybody may let it go on.
        two.enter("continue")
        try two.expect("\(run.number)> ")
        one.enter(":quit")
        #expect(try one.end() == 0)
        two.enter("stop")
        #expect(try run.end() == 0)
    }

    @Test func `Tab completes what the run has`() throws {
        let run = try RunInBackground()
        let client = try PseudoTerminal(
            "perilune", ["attach", run.number], environment: run.environment.merging(["TERM": "xterm"]) { $1 })
        try client.expect("\(run.number)> ")
        client.type("optimizer.learning_r\t + 1\n")
        try client.expect("1.01\n")
        client.enter("stop")
        #expect(try run.end() == 0)
    }

    @Test func `watching shows epochs until Enter`() throws {
        let run = try RunInBackground()
        let client = try PseudoTerminal("perilune", ["attach", run.number], environment: run.environment)
        try client.expect("\(run.number)> ")
        client.enter(":watch")
        try client.expect("after epoch ")
        try client.expect(", loss ")
        try client.expect("after epoch ")
        client.enter("")
        try client.expect("\n\(run.number)> ")
        client.enter(":watch 5")
        try client.expect("in epoch ")
        client.enter("")
        try client.expect("\n\(run.number)> ")
        client.enter("print('loop' .. 'ing') while true do end")
        try client.expect("looping\n")
        client.type(PseudoTerminal.controlC)
        try client.expect("interrupted\n")
        client.enter("stop")
        #expect(try run.end() == 0)
        client.enter("run")
        try client.expect("its process has ended\n")
        #expect(try client.end() == 0)
    }

    @Test func `a run at its own prompt says so`() throws {
        let folder = try TemporaryFolder()
        let environment = ["XDG_RUNTIME_DIR": folder.url.path]
        let terminal = try PseudoTerminal("perilune", ["-e", RunInBackground.script], environment: environment)
        try terminal.expect("ready\n")
        terminal.type(PseudoTerminal.controlC)
        try terminal.expect("run> ")
        let asked = try ProgramRun.of(
            "perilune", ["attach", "\(terminal.process)", "-e", "run.epoch"], environment: environment)
        #expect(asked.errors == "the run stands still at the prompt of its own terminal\n")
        #expect((asked.output, asked.status) == ("", 1))
        terminal.enter("stop")
        #expect(try terminal.end() == 0)
    }
}
