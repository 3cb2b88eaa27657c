import PeriluneTestSupport
import Testing

@Suite struct ProgressPrintTests {
    static let fit = """
        local lune = require "perilune"
        local model = lune.sequential { lune.dense(10) }
        model:compile { loss = "sparse_categorical_crossentropy" }
        local callbacks = ...
        model:fit(lune.data.digits():take(64), { epochs = 2, verbose = 1, callbacks = callbacks })
        """

    @Test func `what a callback prints begins on a line of its own`() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(
            "train.lua",
            Self.fit.replacing("...", with: "{ { on_epoch_end = function(epoch) print('hello', epoch) end } }"))
        let run = try ProgramRun.of([path])
        #expect(run.status == 0, "\(run.errors)")
        let lines = run.output.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        #expect(lines.filter { $0.hasPrefix("hello") } == ["hello\t1", "hello\t2"], "\(lines)")
        // The line of the epoch comes after it, whole.
        #expect(lines.count { $0.hasPrefix("\r2/2 ━━━━━━━━━━━━━━━━━━━━ ") && $0.contains("loss: ") } == 2, "\(lines)")
        #expect(!lines.dropLast().contains(""), "\(lines)")
    }

    @Test func `so does what a strict script prints`() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("train.lua", Self.fit.replacing("...", with: "nil"))
        _ = try folder.write("steer.lua", "function on_epoch_end(epoch) print('hello', epoch) end")
        let run = try ProgramRun.of(["--callbacks", folder.path("steer.lua"), path])
        #expect(run.output.contains("\nhello\t1\n"), "\(run.output) \(run.errors)")
    }
}
