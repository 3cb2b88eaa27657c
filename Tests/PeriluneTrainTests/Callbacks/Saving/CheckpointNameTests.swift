import Foundation
import PeriluneTestSupport
import Testing

@testable import PeriluneTrain

@Suite("Names of checkpoints")
struct CheckpointNameTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func saver(
        _ name: String, _ change: (inout ModelCheckpoint.Options) -> Void = { _ in }
    ) throws -> ModelCheckpoint {
        var options = ModelCheckpoint.Options()
        change(&options)
        return try ModelCheckpoint(.files(folder.path(name)), options: options)
    }

    /// The files of two epochs of four batches, with losses 11, 12, 13, 14 and 21, …, and validations 9, 8, 7, ….
    private func files(_ saver: ModelCheckpoint, _ change: (inout FitOptions) -> Void = { _ in }) throws -> [String] {
        let engine = try FakeEngine()
        engine.batches = 4
        engine.trainValue = { Double(10 * $0 + $1) }
        engine.validationValue = { Double(10 - $0) }
        _ = try makeLoop(engine, [saver]) {
            $0.epochs = 2
            change(&$0)
        }.fit()
        return saver.files.map { URL(fileURLWithPath: $0.path).lastPathComponent }
    }

    @Test("A best one within an epoch tells its own validation, and the mean of the epoch so far")
    func withinEpoch() throws {
        let saver = try saver("{epoch}-{batch}-{loss:.1f}-{val_loss:.1f}.safetensors") { $0.savesBestOnly = true }
        #expect(
            try files(saver) { $0.validationEvery = .steps(2) } == [
                "1-2-11.5-9.0.safetensors", "1-4-12.5-8.0.safetensors", "2-2-21.5-7.0.safetensors",
                "2-4-22.5-6.0.safetensors",
            ])
    }

    @Test("One of every few steps tells the mean so far, and the last validation that there was")
    func steps() throws {
        let saver = try saver("{epoch}-{batch}-{loss:.1f}-{val_loss:.1f}.safetensors") { $0.every = .steps(3) }
        // The third is that of the run's end.
        #expect(
            try files(saver) == [
                "1-3-12.0-NA.safetensors", "2-2-21.5-9.0.safetensors", "2-4-22.5-8.0.safetensors",
            ])
    }

    @Test("At an epoch's end its logs count: without a validation in it there is none to tell")
    func epochs() throws {
        let saver = try saver("{epoch}-{loss:.1f}-{val_loss:.1f}.safetensors")
        #expect(
            try files(saver) { $0.validationEvery = .epochs(2) } == ["1-12.5-NA.safetensors", "2-22.5-9.0.safetensors"])
    }

    @Test("A resumed run gives the same names")
    func resumed() throws {
        try expectExactResume(stride: 5, options: { $0.validationEvery = .steps(4) }) { [folder] in
            var options = ModelCheckpoint.Options()
            options.every = .steps(3)
            return [
                try ModelCheckpoint(
                    .files(folder.path("{step}-{loss:.6f}-{val_loss:.6f}.safetensors")), options: options)
            ]
        }
    }

    @Test("A folder that cannot be there, or a folder in the file's place, is an error before the first batch")
    func folders() throws {
        _ = try folder.write("file", "in the way")
        try FileManager.default.createDirectory(
            atPath: folder.path("there.safetensors"), withIntermediateDirectories: false)
        for (name, text) in [
            ("file/a.safetensors", "is no folder"), ("there.safetensors", "is a folder, where a file"),
        ] {
            let engine = try FakeEngine()
            let saver = try saver(name)
            let message = failure { _ = try makeLoop(engine, [saver]).fit() }
            #expect(message.contains(text), "\(message)")
            #expect(engine.calls.isEmpty)
        }
        let deep = try saver("made/by/it-{epoch}.safetensors")
        #expect(try files(deep).last == "it-2.safetensors")
    }

    @Test("Options that would be passed over in silence are errors")
    func contradictions() throws {
        func message(_ change: (inout ModelCheckpoint.Options) -> Void) -> String {
            failure { _ = try saver("a.safetensors", change) }
        }
        #expect(message { $0.overwrites = true }.contains("'overwrite' goes with 'dir'"))
        #expect(message { $0.initialValueThreshold = 1 }.contains("goes with 'save_best_only' or 'keep_best'"))
        #expect(message { ($0.savesBestOnly, $0.every) = (true, .steps(5)) }.contains("leave out 'every'"))
        #expect(message { ($0.savesBestOnly, $0.initialValueThreshold) = (true, 1) } == "nothing was thrown")
    }
}
