import Foundation
import PeriluneTestSupport
import Testing

@Suite struct EmbeddingTests {
    private static let callbacks = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().appendingPathComponent("../../Sources/EmbeddingExample/callbacks.lua")

    @Test func `a host's training is steered by a script`() throws {
        let run = try ProgramRun.of("embedding-example", [Self.callbacks.standardizedFileURL.path])
        #expect(run.errors == "")
        #expect(run.status == 0)
        #expect(run.output.contains("learning rates: 0.002, 0.001, 0.001, …"))
        #expect(run.output.contains("stopped: good enough"))
    }

    @Test func `a mistake in the script reaches the host as an error`() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("broken.lua", "function on_epoch_end(epoch, logs)\n  return { lrr = 1 }\nend\n")
        let run = try ProgramRun.of("embedding-example", [path])
        #expect(run.errors.contains("broken.lua"))
        #expect(run.errors.contains("lrr"))
        #expect(run.errors.contains("did you mean 'lr'?"))
        #expect(run.status == 1)
    }
}
