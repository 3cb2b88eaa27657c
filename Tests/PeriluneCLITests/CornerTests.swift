import Foundation
import PeriluneTestSupport
import Testing

/// Small things that were awkward.
@Suite struct CornerTests {
    @Test func `a script may begin with a hyphen behind two of them`() throws {
        let folder = try TemporaryFolder()
        _ = try folder.write("-x.lua", "print('ran', ...)")
        let run = try ProgramRun.of(["--", "-x.lua", "a"], in: folder.url)
        #expect(run.output == "ran\ta\n", "\(run.errors)")
        #expect(try ProgramRun.of(["-x.lua"], in: folder.url).status == 2)
    }

    @Test(arguments: [["-"], ["--profile", "strict", "-"], ["repl"]])
    func `a byte-order mark in piped input is skipped`(arguments: [String]) throws {
        let run = try ProgramRun.of(arguments, input: "\u{FEFF}print(1 + 1)\n")
        #expect(run.output.contains("2"))
        #expect(run.errors == "")
        #expect(run.status == 0)
    }

    @Test func `control characters and files that are no text do not reach the terminal`() throws {
        let folder = try TemporaryFolder()
        try Data([0x78, 0x20, 0x1B, 0x5B, 0x32, 0x4A, 0x00, 0xFF, 0xFE] + [UInt8](repeating: 0x7F, count: 1000))
            .write(to: folder.url.appendingPathComponent("binary.lua"))
        for arguments in [["binary.lua"], ["check", "binary.lua"], ["-e", "error('\\27[2J')"]] {
            let run = try ProgramRun.of(arguments, in: folder.url)
            #expect(run.status == 1)
            #expect(
                !run.errors.unicodeScalars.contains { $0.value < 32 && $0 != "\n" && $0 != "\t" || $0.value == 127 })
            #expect(run.errors.utf8.count < 2000)
        }
        #expect(try ProgramRun.of(["-e", "error('\\27[2J')"]).errors.contains("\\27[2J"))
    }

    @Test func `help names only what there is`() throws {
        let data = try ProgramRun.of(["help", "data"])
        #expect(data.output.contains("digits"))
        #expect(!data.output.contains("data.help"))
        let directives = try ProgramRun.of(["help", "directives"])
        for key in ["stop", "lr_scale", "restore", "freeze"] { #expect(directives.output.contains("\n  \(key)")) }
    }

    @Test func `the beginning of a name is a better hint than two mistakes`() throws {
        let run = try ProgramRun.of(["-e", "local lune = require 'perilune' lune.sequential {}:save('x')"])
        #expect(run.errors.contains("did you mean 'save_weights'?"))
    }

    @Test func `a strict callback file that uses io is told how to be trusted`() throws {
        let folder = try TemporaryFolder()
        _ = try folder.write("steer.lua", "io.write('x') function on_epoch_end() end")
        let run = try ProgramRun.of(["--callbacks", "steer.lua", "-e", "print(1)"], in: folder.url)
        #expect(run.status == 1)
        #expect(
            run.errors.contains(
                "steer.lua:1: attempt to index a nil value (global 'io'); the strict profile has no 'io'"))
        #expect(run.errors.contains("--trust-callbacks"))
    }

    /// A reader that does not read must not make a script outlast its limit.
    @Test(arguments: [["--profile", "strict"], []])
    func `print into a full pipe is bounded by the limit of time`(profile: [String]) throws {
        let path = ProgramRun.directory.appendingPathComponent("perilune").path
        let folder = try TemporaryFolder()
        let options = (profile + ["--time-limit", "0.5"]).joined(separator: " ")
        let run = try ProgramRun.of(
            "/bin/bash",
            [
                "-c",
                "'\(path)' \(options) -e 'while true do print((\"x\"):rep(1000)) end' 2> errors | (while "
                    + "kill -0 $PPID; do [ -s errors ] && exit; sleep 0.1; done); cat errors",
            ], in: folder.url, limit: 60)
        #expect(run.output.contains("the time limit of 0.5 s is over"), "\(run.output) \(run.errors)")
    }

    @Test func `a limit for everything is an option`() throws {
        let run = try ProgramRun.of([
            "--profile", "strict", "--total-time-limit", "0.5", "-e",
            """
            local lune = require "perilune"
            local m = lune.sequential { lune.dense(3) }
            m:compile { optimizer = "sgd", loss = "sparse_categorical_crossentropy" }
            m:fit(lune.data.iris(), { epochs = 100000000, verbose = 0 })
            """,
        ])
        #expect(run.status == 1)
        #expect(run.errors.contains("the total time limit of 0.5 s is over"), "\(run.errors)")
        #expect(try ProgramRun.of(["--total-time-limit", "0", "-e", ""]).status == 2)
    }
}
