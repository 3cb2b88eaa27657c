import Foundation
import PeriluneTestSupport
import Testing

/// The scripts in `scripts`, in a short form.
@Suite struct TrainingScriptTests {
    private func path(of script: String) -> String {
        URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../scripts/\(script)")
            .standardizedFileURL.path()
    }

    @Test func `an LSTM learns letters and writes while it trains`() throws {
        let folder = try TemporaryFolder()
        let line = "Now is the winter of our discontent made glorious summer by this sun of York.\n"
        let text = try folder.write("text", String(repeating: line, count: 60))
        let check = try ProgramRun.of(arguments: "check", path(of: "shakespeare_lstm.lua"))
        #expect(check.errors == "")
        let run = try ProgramRun.of(arguments: path(of: "shakespeare_lstm.lua"), text, "2", "64", "16")
        #expect(run.errors == "")
        #expect(run.status == 0)
        let writing = try Regex(#"after epoch 2: [NA-Za-z \n.]+"#)
        #expect(run.output.contains(writing), "\(run.output)")
        let loss = try #require(run.output.firstMatch(of: try Regex(#"validation loss (\d\.\d+) after 2 epochs"#)))
        // Chance is the logarithm of 29 letters: 3.4.
        #expect(try #require(loss.output[1].substring.flatMap { Double($0) }) < 3.3)
    }

    @Test func `without a text the script says what it takes`() throws {
        let run = try ProgramRun.of(arguments: path(of: "shakespeare_lstm.lua"))
        #expect(run.errors.contains("say which text to learn"))
        #expect(run.status == 1)
    }
}
