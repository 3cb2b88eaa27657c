import Foundation
import PeriluneTestSupport
import Testing

@testable import PeriluneTrain

/// A folder of checkpoints that other runs have to do with too, or people.
@Suite("Folders of checkpoints")
struct SharedFolderTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func saver(
        _ name: String, keepLast: Int? = nil, keepBest: Int = 0, overwrites: Bool = false
    ) throws -> ModelCheckpoint {
        var options = ModelCheckpoint.Options()
        options.overwrites = overwrites
        return try ModelCheckpoint(
            .folder(folder.path(name), keepLast: keepLast, keepBest: keepBest), options: options)
    }

    /// Runs to the end of an epoch; two steps each.
    @discardableResult
    private func run(
        _ saver: ModelCheckpoint, epochs: Int, from file: String? = nil, engine: FakeEngine? = nil,
        others: [any Callback] = []
    ) throws -> FakeEngine {
        let engine = try engine ?? FakeEngine()
        let values = [0.5, 0.1, 0.4, 0.3, 0.6, 0.7]
        engine.validationValue = { values[min($0 + (file == nil ? 0 : 4), values.count) - 1] }
        let checkpoint = try file.map { try Checkpoint(contentsOf: folder.path($0)) }
        _ = try makeLoop(engine, others + [saver]) { $0.epochs = epochs }.fit(resuming: checkpoint)
        return engine
    }

    private func steps(_ name: String) -> [Int] { CheckpointFolder(folder.path(name)).steps }

    @Test("A run goes on in a folder that was renamed, and keeps its best there")
    func renamed() throws {
        try run(saver("a", keepLast: 1, keepBest: 1), epochs: 4)
        #expect(steps("a") == [4, 8])
        try FileManager.default.moveItem(atPath: folder.path("a"), toPath: folder.path("b"))
        let second = try saver("b", keepLast: 1, keepBest: 1)
        try run(second, epochs: 6, from: "b/step-00000008.safetensors")
        #expect(steps("b") == [4, 12])
        #expect(second.path(of: .best) == folder.path("b/step-00000004.safetensors"))
    }

    @Test("The folder may be called otherwise when a run goes on in it")
    func aliases() throws {
        try run(saver("a"), epochs: 1)
        try FileManager.default.createSymbolicLink(atPath: folder.path("link"), withDestinationPath: folder.path("a"))
        try run(saver("a"), epochs: 2, from: "link/step-00000002.safetensors")
        let dotted = try ModelCheckpoint(.folder(folder.url.path + "/./a/", keepLast: nil, keepBest: 0))
        try run(dotted, epochs: 3, from: "a/step-00000004.safetensors")
        #expect(steps("a") == [2, 4, 6])
    }

    @Test("A run that goes on from another's folder leaves that as it is")
    func fork() throws {
        try run(saver("a", keepLast: 2), epochs: 2)
        let fork = try saver("b", keepLast: 1, keepBest: 1)
        try run(fork, epochs: 4, from: "a/step-00000004.safetensors")
        #expect(steps("a") == [2, 4])
        #expect(steps("b").last == 8)
    }

    @Test("Checkpoints of a future that did not come are set aside")
    func future() throws {
        try run(saver("a"), epochs: 4)
        let engine = try run(saver("a"), epochs: 2, from: "a/step-00000002.safetensors")
        #expect(steps("a") == [2, 4])
        #expect(
            engine.remarks.contains {
                $0.hasSuffix(
                    "a has 3 checkpoints of steps after 2, where this run goes on; set aside as *.aside")
            }, "\(engine.remarks)")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path("a"))
        #expect(names.count { $0.hasSuffix(".aside") } == 3)
    }

    @Test("A second run at the same time is refused before its first batch, and may come when the first is over")
    func atOnce() throws {
        let inner = try FakeEngine()
        let outer = Recorder()
        var message = ""
        outer.action = { context in
            if context.event == .epochEnd, context.run.epoch == 1 {
                message = failure { try run(saver("a", overwrites: true), epochs: 1, engine: inner) }
            }
            return nil
        }
        try run(saver("a"), epochs: 2, others: [outer])
        #expect(message.contains("a is in use by another run that goes on"), "\(message)")
        #expect(inner.calls.isEmpty)
        #expect(steps("a") == [2, 4])
        try run(saver("a", overwrites: true), epochs: 1)
        #expect(steps("a") == [2])
    }

    @Test("A run that failed lets go of its folder")
    func failed() throws {
        let engine = try FakeEngine()
        engine.failing = (1, 2)
        let first = try saver("a")
        _ = failure { try run(first, epochs: 1, engine: engine) }
        try run(saver("a"), epochs: 1)
        withExtendedLifetime(first) {}
        #expect(steps("a") == [2])
    }

    @Test("A folder that somebody removed is made again")
    func removed() throws {
        let cleaner = Recorder()
        cleaner.action = { [folder] context in
            if context.event == .epochBegin, context.run.epoch == 2 {
                try FileManager.default.removeItem(atPath: folder.path("a"))
            }
            return nil
        }
        let saver = try saver("a")
        try run(saver, epochs: 2, others: [cleaner])
        #expect(steps("a") == [4])
        #expect(saver.path(of: .epoch(1)) == nil)
    }

    @Test("Unfinished files of processes that are gone are removed, those of others stay")
    func unfinished() throws {
        _ = try folder.write("a/.step-00000001.safetensors.999999999.partial", "x")
        // The first process of a machine is there, whoever may send it signals.
        _ = try folder.write("a/.step-00000001.safetensors.1.partial", "x")
        try CheckpointFolder(folder.path("a")).prepare()
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path("a"))
        #expect(names == [".step-00000001.safetensors.1.partial"])
    }
}
