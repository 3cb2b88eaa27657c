import Foundation
import PeriluneTestSupport
import Testing

@Suite struct ScriptRunTests {
    @Test func `code runs, with its arguments`() throws {
        let run = try ProgramRun.of(arguments: "-e", "print(1 + 1, ...)", "a", "--b")
        #expect(run.output == "2\ta\t--b\n")
        #expect(run.errors == "")
        #expect(run.status == 0)
    }

    @Test func `code may begin with a comment`() throws {
        let run = try ProgramRun.of(arguments: "-e", "-- nothing\nprint(1)")
        #expect(run.output == "1\n")
        #expect(run.status == 0)
    }

    @Test(arguments: [[], ["run"]]) func `a file runs, with its arguments`(prefix: [String]) throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("hello.lua", "#!/usr/bin/env perilune\nprint(arg[0], arg[1], ...)\n")
        let run = try ProgramRun.of(prefix + [path, "-x", "--help"])
        #expect(run.output == "\(path)\t-x\t-x\t--help\n")
        #expect(run.status == 0)
    }

    @Test func `a script finds the modules beside it`() throws {
        let folder = try TemporaryFolder()
        _ = try folder.write("parts/shared.lua", "return { answer = 42 }")
        let path = try folder.write("parts/main.lua", "print(require('shared').answer)")
        let run = try ProgramRun.of(arguments: path)
        #expect(run.output == "42\n")
    }

    @Test func `a hyphen is standard input`() throws {
        let run = try ProgramRun.of(["-", "a"], input: "print('from a pipe', ...)")
        #expect(run.output == "from a pipe\ta\n")
        #expect(run.status == 0)
    }

    @Test func `an error names script and line, with a traceback, and ends with 1`() throws {
        let folder = try TemporaryFolder()
        _ = try folder.write("bad.lua", "local function f(t)\n  return t.x.y\nend\nf {}\n")
        let run = try ProgramRun.of(["bad.lua"], in: folder.url)
        #expect(
            run.errors == """
                perilune: bad.lua:2: attempt to index a nil value (field 'x')
                stack traceback:
                \tbad.lua:2: in local 'f'
                \tbad.lua:4: in main chunk

                """)
        #expect(run.output == "")
        #expect(run.status == 1)
    }

    @Test func `a syntax error shows the line`() throws {
        let folder = try TemporaryFolder()
        _ = try folder.write("bad.lua", "local x = 1\nlocal y = = 2\n")
        let run = try ProgramRun.of(["bad.lua"], in: folder.url)
        #expect(
            run.errors == """
                perilune: bad.lua:2: unexpected symbol near '='
                2 | local y = = 2
                  |         ^

                """)
        #expect(run.status == 1)
    }

    @Test func `a missing script ends with 1`() throws {
        let run = try ProgramRun.of(arguments: "nowhere.lua")
        #expect(run.errors == "perilune: cannot open nowhere.lua: No such file or directory\n")
        #expect(run.status == 1)
    }

    @Test func `an exit status of the script's own is kept`() throws {
        let run = try ProgramRun.of(arguments: "-e", "io.write('done') os.exit(7)")
        #expect(run.output == "done")
        #expect(run.status == 7)
    }

    @Test func `output before an error comes out`() throws {
        let run = try ProgramRun.of(arguments: "-e", "io.write('before') error('after')")
        #expect(run.output == "before")
        #expect(run.errors.hasPrefix("perilune: (command line):1: after\n"))
    }
}

@Suite struct UsageTests {
    @Test func `the version is shown`() throws {
        let run = try ProgramRun.of(arguments: "--version")
        #expect(run.output.wholeMatch(of: /perilune \d+\.\d+\.\d+\n/) != nil)
        #expect(run.status == 0)
    }

    @Test func `nothing to do shows the usage and ends with 2`() throws {
        let run = try ProgramRun.of([])
        #expect(run.errors.contains("USAGE: perilune SCRIPT"))
        #expect(run.status == 2)
    }

    @Test(arguments: [
        ["--bogus"], ["-e"], ["run"], ["check"], ["example", "nonesuch"], ["--callbacks"],
    ]) func `wrong usage ends with 2`(arguments: [String]) throws {
        let run = try ProgramRun.of(arguments)
        #expect(run.errors.hasPrefix("Error: "), "\(run.errors)")
        #expect(run.output == "")
        #expect(run.status == 2)
    }

    @Test func `help goes to standard output`() throws {
        for arguments in [["--help"], ["help"]] {
            let run = try ProgramRun.of(arguments)
            #expect(run.output.contains("SUBCOMMANDS:"))
            #expect(run.status == 0)
        }
        let run = try ProgramRun.of(arguments: "help", "check")
        #expect(run.output.contains("USAGE: perilune check"))
    }

    @Test(arguments: ["dense", "model:fit", "events", "early_stopping", "data.csv"])
    func `topics are explained`(topic: String) throws {
        let run = try ProgramRun.of(arguments: "help", topic)
        #expect(run.output.contains(topic.split(whereSeparator: { ":.".contains($0) }).last ?? ""))
        #expect(run.status == 0)
    }

    @Test func `an unknown topic gets a suggestion`() throws {
        let run = try ProgramRun.of(arguments: "help", "densse")
        #expect(run.errors.contains("did you mean 'dense'?"))
        #expect(run.status == 2)
    }
}

extension ProgramRun {
    static func of(arguments: String...) throws -> ProgramRun { try of("perilune", arguments) }
    static func of(_ arguments: [String], in folder: URL? = nil, input: String = "") throws -> ProgramRun {
        try of("perilune", arguments, input: input, in: folder)
    }
}
