import Foundation
import PeriluneData
import PeriluneLoggers
import PeriluneTestSupport
import Testing

@testable import PeriluneTrain

/// Logs of runs that go on under another path, beside other logs, or beside another run.
@Suite("Logs that were moved, shared or lost")
struct MovedLogTests {
    enum Kind: CaseIterable {
        case csv, json, board

        func make(_ path: String) throws -> any Callback {
            switch self {
            case .csv: try CSVLogger(path + ".csv")
            case .json: try JSONLogger(path + ".jsonl")
            case .board: try TensorBoard(path + ".board", writeGraph: false)
            }
        }

        /// The epochs in the file, or the number of files and of events in them.
        func content(_ path: String) throws -> [String] {
            switch self {
            case .csv:
                return SmallCallbackTests.contents(path + ".csv").split(separator: "\n").map {
                    String($0.prefix { $0 != "," })
                }
            case .json:
                return SmallCallbackTests.contents(path + ".jsonl").split(separator: "\n").map {
                    String($0.dropFirst("{\"event\":\"epoch\",\"epoch\":".count).prefix { $0 != "," })
                }
            case .board:
                let files = try FileManager.default.contentsOfDirectory(atPath: path + ".board/train")
                let events = try files.flatMap { try EventFileReader.events(path + ".board/train/" + $0) }
                return ["\(files.count) files", "\(Set(events.map(\.step)).count) steps"]
            }
        }

        var whole: [String] {
            switch self {
            case .csv: ["epoch", "1", "2", "3", "4", "5", "6"]
            case .json: ["1", "2", "3", "4", "5", "6"]
            // The version is an event of step 0.
            case .board: ["1 files", "7 steps"]
            }
        }
    }

    enum Move: CaseIterable {
        case none, spelledOtherwise, behindAnother, moved, copied, renamed
    }

    @Test("Six epochs are six lines, whatever became of the folder", arguments: Kind.allCases, Move.allCases)
    func resumed(kind: Kind, move: Move) throws {
        let folder = try TemporaryFolder()
        let before = folder.path("run/log")
        let keeper = CheckpointKeeper()
        _ = try makeLoop(FakeEngine(), [kind.make(before), keeper]) { $0.epochs = 3 }.fit()
        var after = before
        let files = FileManager.default
        switch move {
        case .none, .behindAnother: break
        case .spelledOtherwise: after = folder.path("run/./../run/log")
        case .moved:
            try files.moveItem(atPath: folder.path("run"), toPath: folder.path("elsewhere"))
            after = folder.path("elsewhere/log")
        case .copied:
            try files.copyItem(atPath: folder.path("run"), toPath: folder.path("copy"))
            after = folder.path("copy/log")
        case .renamed:
            after = folder.path("run/other")
            for ending in [".csv", ".jsonl", ".board"] where files.fileExists(atPath: before + ending) {
                try files.moveItem(atPath: before + ending, toPath: after + ending)
            }
        }
        var callbacks = [try kind.make(after)]
        if move == .behindAnother { callbacks.insert(try kind.make(folder.path("run/new")), at: 0) }
        let engine = try FakeEngine()
        // The end of the third epoch.
        _ = try makeLoop(engine, callbacks) { $0.epochs = 6 }.fit(resuming: keeper.kept[8])
        #expect(try kind.content(after) == kind.whole)
        #expect(engine.remarks.filter { !$0.hasPrefix("going on") } == [])
        if move == .copied { #expect(try kind.content(before).count >= 2, "the original is as it was") }
    }

    @Test("A file that the checkpoint does not know is not cut", arguments: [Kind.csv, .json], [0, 1, 9])
    func unknown(kind: Kind, strangers: Int) throws {
        let folder = try TemporaryFolder()
        let keeper = CheckpointKeeper()
        _ = try makeLoop(FakeEngine(), [kind.make(folder.path("a")), keeper]) { $0.epochs = 3 }.fit()
        let ending = kind == .csv ? ".csv" : ".jsonl"
        let text = String(repeating: "x,y\n", count: strangers * 100)
        _ = try folder.write("b" + ending, text)
        let engine = try FakeEngine()
        _ = try makeLoop(engine, [kind.make(folder.path("b"))]) { $0.epochs = 4 }.fit(resuming: keeper.kept[8])
        let aside = folder.path("b.csv.aside")
        let kept =
            FileManager.default.fileExists(atPath: aside)
            ? SmallCallbackTests.contents(aside) : SmallCallbackTests.contents(folder.path("b" + ending))
        #expect(kept.hasPrefix(text))
        let lines = try kind.content(folder.path("b"))
        #expect(lines.last == "4")
        #expect(engine.remarks.contains { $0.contains("/b\(ending)") })
        // The file of before is left alone, too.
        #expect(try kind.content(folder.path("a")).last == "3")
    }

    @Test("A new log on a resumed run leaves the lines of before", arguments: [Kind.csv, .json])
    func added(kind: Kind) throws {
        let folder = try TemporaryFolder()
        let keeper = CheckpointKeeper()
        _ = try makeLoop(FakeEngine(), [kind.make(folder.path("a"))]) { $0.epochs = 3 }.fit()
        _ = try makeLoop(FakeEngine(), [keeper]) { $0.epochs = 3 }.fit()
        let engine = try FakeEngine()
        _ = try makeLoop(engine, [kind.make(folder.path("a"))]) { $0.epochs = 6 }.fit(resuming: keeper.kept[8])
        #expect(try kind.content(folder.path("a")) == kind.whole)
        #expect(engine.remarks.contains { $0.contains("the checkpoint does not know") })
    }

    @Test("Two runs on one file are told, and the first one's lines are whole", arguments: Kind.allCases)
    func shared(kind: Kind) throws {
        let folder = try TemporaryFolder()
        let path = folder.path("log")
        let other = try FakeEngine()
        let nested = LambdaCallback(on: .epochEnd) { context in
            guard context.run.epoch == 2 else { return nil }
            _ = try makeLoop(other, [kind.make(path)]) { $0.epochs = 4 }.fit()
            return nil
        }
        _ = try makeLoop(FakeEngine(), [kind.make(path), nested]) { $0.epochs = 6 }.fit()
        guard kind != .board else {
            // Event files have names of their own.
            #expect(other.remarks.isEmpty)
            return
        }
        #expect(try kind.content(path) == kind.whole)
        #expect(other.remarks.count == 1)
        #expect(other.remarks[0].contains("is in use by another run"), "\(other.remarks)")
        // When the run is over, the file is free.
        let later = try FakeEngine()
        _ = try makeLoop(later, [kind.make(path)]) { $0.epochs = 6 }.fit()
        #expect(later.remarks.isEmpty)
    }

    @Test("A folder that is removed in mid-run is made again", arguments: Kind.allCases)
    func removed(kind: Kind) throws {
        let folder = try TemporaryFolder()
        let path = folder.path("deep/run/log")
        let remover = LambdaCallback(on: .epochBegin) { context in
            if context.run.epoch == 4 { try FileManager.default.removeItem(atPath: folder.path("deep")) }
            return nil
        }
        let engine = try FakeEngine()
        _ = try makeLoop(engine, [remover, kind.make(path)]) { $0.epochs = 6 }.fit()
        switch kind {
        case .csv: #expect(try kind.content(path) == ["epoch", "4", "5", "6"])
        case .json: #expect(try kind.content(path) == ["4", "5", "6"])
        case .board: #expect(try kind.content(path) == ["1 files", "4 steps"])
        }
        if kind != .board { #expect(engine.remarks.contains { $0.contains("was removed while the run went on") }) }
    }
}
