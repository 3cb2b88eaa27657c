import Foundation
import PeriluneTestSupport
import Testing

@Suite struct ReplTests {
    @Test func `lines of a pipe are run one after the other`() throws {
        let run = try ProgramRun.of(
            ["repl"], input: "1 + 1\nlocal x = 5\nfor i = 1, 2 do\n  print(i)\nend\nx\n{ a = x }")
        #expect(run.output == "2\n1\n2\n5\n{a = 5}\n")
        #expect(run.errors == "")
        #expect(run.status == 0)
    }

    @Test func `a pipe goes on after an error and ends with 1`() throws {
        let run = try ProgramRun.of(["repl"], input: "error('no')\nprint('after')\n:nonsense\nx = = 1\n")
        #expect(run.output == "after\n")
        #expect(
            run.errors == """
                prompt:1: no
                there is no command ':nonsense'; ? lists the commands
                prompt:1: unexpected symbol near '='
                1 | x = = 1
                  |   ^

                """)
        #expect(run.status == 1)
    }

    @Test func `an input that ends in the middle is an error`() throws {
        let run = try ProgramRun.of(["repl"], input: "print('first')\nfor i = 1, 2 do\n")
        #expect(run.output == "first\n")
        #expect(run.errors == "perilune: the input ended in the middle of a statement\n")
        #expect(run.status == 1)
    }

    @Test func `quit leaves, and what follows is not run`() throws {
        let run = try ProgramRun.of(["repl"], input: "print(1)\n:quit\nprint(2)\n")
        #expect(run.output == "1\n")
        #expect(run.status == 0)
    }

    @Test func `a script may read what follows its line`() throws {
        let run = try ProgramRun.of(["repl"], input: "io.read()\nthe answer\n1\n")
        #expect(run.output == "\"the answer\"\n1\n")
    }

    @Test func `the module is there`() throws {
        let run = try ProgramRun.of(["repl"], input: "lune.version\nlune.tensor(3)\n")
        #expect(run.output.hasSuffix("\ntensor float32[] 3.0000\n"))
        #expect(run.status == 0)
    }

    @Test func `a prompt opens after a script`() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("script.lua", "x = ... print('ran', x)")
        let run = try ProgramRun.of(["-i", path, "argument"], input: "x\n")
        #expect(run.output == "ran\targument\n\"argument\"\n")
        #expect(run.status == 0)
        let code = try ProgramRun.of(["-i", "-e", "x = 3"], input: "x + 1\n")
        #expect(code.output == "4\n")
    }

    @Test func `a prompt opens after an error in a script`() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("script.lua", "x = 1\nerror('broken')\n")
        let run = try ProgramRun.of(["-i", path], input: "x\n")
        #expect(run.output == "1\n")
        #expect(run.errors.contains(":2: broken\nstack traceback:\n"))
        #expect(run.status == 0)
    }

    @Test func `the init file runs first, unless it is left out`() throws {
        let folder = try TemporaryFolder()
        _ = try folder.write("perilune/init.lua", "greeting = 'hello from ' .. lune.version")
        let environment = ["XDG_CONFIG_HOME": folder.url.path]
        let with = try ProgramRun.of("perilune", ["repl"], input: "greeting\n", environment: environment)
        #expect(with.output.hasPrefix("\"hello from "))
        for arguments in [["repl", "--no-init"], ["-i", "--no-init"], ["-i", "--no-init", "-e", "x = 1"]] {
            let without = try ProgramRun.of("perilune", arguments, input: "greeting\n", environment: environment)
            #expect(without.output == "nil\n", "\(arguments)")
        }
        // A script has no init file.
        let script = try ProgramRun.of("perilune", ["-e", "print(greeting)"], environment: environment)
        #expect(script.output == "nil\n")
    }

    @Test func `a broken init file is told and does no more harm`() throws {
        let folder = try TemporaryFolder()
        _ = try folder.write("perilune/init.lua", "error('in init')")
        let run = try ProgramRun.of(
            "perilune", ["repl"], input: "1\n", environment: ["XDG_CONFIG_HOME": folder.url.path])
        #expect(run.output == "1\n")
        #expect(run.errors.contains("init.lua:1: in init"))
        #expect(run.status == 0)
    }

    @Test(arguments: [(SIGINT, Int32(130)), (SIGTERM, Int32(143))])
    func `a signal ends a pipe in order`(signal: Int32, status: Int32) throws {
        let run = try ProgramRun.of(
            "perilune", ["repl"], input: "print('ready') io.stdout:flush() while true do end\nprint('after')\n",
            onceItPrints: "ready"
        ) { kill($0.processIdentifier, signal) }
        #expect(run.output == "ready\n")
        #expect(run.status == status)
    }
}
