import Foundation
import PeriluneTestSupport
import Testing

@Suite struct StubsTests {
    private static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().appendingPathComponent("../..").standardizedFileURL

    private func stubs(_ folder: URL) throws -> ProgramRun { try ProgramRun.of(["stubs", folder.path]) }

    private func names(in folder: URL) -> Set<String> {
        Set(FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? [])
    }

    @Test func `a folder is made and filled, and filled again`() throws {
        let temporary = try TemporaryFolder()
        let folder = temporary.url.appendingPathComponent("deep/in/it")
        for _ in 0..<2 {
            let run = try stubs(folder)
            #expect(run.errors == "")
            #expect(run.output.split(separator: "\n").count == 4)
            #expect(run.status == 0)
            #expect(
                names(in: folder) == [
                    "library", "library/perilune.lua", "library/perilune_events.lua", "luacheckrc", ".luarc.json",
                ])
        }
        let settings = try Data(contentsOf: folder.appendingPathComponent(".luarc.json"))
        let object = try #require(JSONSerialization.jsonObject(with: settings) as? [String: Any])
        #expect(object["runtime.version"] as? String == "Lua 5.4")
        #expect(object["workspace.library"] as? [String] == ["library"])
    }

    @Test func `files of the user's own are left alone`() throws {
        let temporary = try TemporaryFolder()
        _ = try temporary.write(".luarc.json", "{}")
        var run = try stubs(temporary.url)
        #expect(run.output.contains("kept "))
        #expect(run.status == 0)
        #expect(try String(contentsOf: temporary.url.appendingPathComponent(".luarc.json"), encoding: .utf8) == "{}")

        let other = try TemporaryFolder()
        let path = try other.write("luacheckrc", "std = 'max'")
        run = try stubs(other.url)
        #expect(run.errors.hasPrefix("perilune: \(path) is in the way"))
        #expect(run.status == 1)
        #expect(names(in: other.url) == ["luacheckrc"])
    }

    @Test func `what cannot be written leaves nothing behind`() throws {
        let temporary = try TemporaryFolder()
        let path = try temporary.write("file", "")
        var run = try ProgramRun.of(["stubs", path])
        #expect(run.errors == "perilune: \(path) is not a folder\n")
        #expect(run.status == 1)
        run = try ProgramRun.of(["stubs", path + "/below"])
        #expect(run.errors == "perilune: \(path) is not a folder\n")
        // A folder stands where a file should be.
        try FileManager.default.createDirectory(
            at: temporary.url.appendingPathComponent("out/luacheckrc"), withIntermediateDirectories: true)
        run = try stubs(temporary.url.appendingPathComponent("out"))
        #expect(run.status == 1)
        #expect(names(in: temporary.url.appendingPathComponent("out")) == ["luacheckrc"])
        run = try ProgramRun.of(["stubs", "/proc/perilune"])
        #expect(run.errors.hasPrefix("perilune: cannot make the folder /proc/perilune: "))
        #expect(run.status == 1)
    }

    @Test(arguments: [["stubs"], ["stubs", "a", "b"], ["stubs", "--all", "a"]])
    func `wrong usage ends with 2`(arguments: [String]) throws {
        let temporary = try TemporaryFolder()
        let run = try ProgramRun.of(arguments, in: temporary.url)
        #expect(run.errors.hasPrefix("Error: "))
        #expect(run.status == 2)
        #expect(names(in: temporary.url) == [])
    }

    /// Every script that comes with the project.
    private static func scripts() throws -> [String] {
        try ["scripts", "Sources/PeriluneCLI/Examples", "Sources/EmbeddingExample", "Sources/PeriluneBench/Workloads"]
            .flatMap { folder in
                try FileManager.default.contentsOfDirectory(atPath: root.appendingPathComponent(folder).path)
                    .filter { $0.hasSuffix(".lua") }.map { folder + "/" + $0 }
            }
    }

    @Test func `luacheck finds nothing in the project's scripts, and misspelt events in others`() throws {
        let temporary = try TemporaryFolder()
        #expect(try stubs(temporary.url).status == 0)
        let settings = temporary.url.appendingPathComponent("luacheckrc").path
        let scripts = try Self.scripts()
        #expect(scripts.count >= 6)
        let clean = try luacheck(["--config", settings] + scripts, in: Self.root)
        #expect(clean.output == "")
        #expect(clean.status == 0)
        let bad = try temporary.write("bad.lua", "function on_epoch_ends(epoch, logs) return { lr = logz.lr } end\n")
        let found = try luacheck(["--config", settings, bad], in: Self.root)
        #expect(found.output.contains("setting non-standard global variable 'on_epoch_ends'"))
        #expect(found.output.contains("accessing undefined variable 'logz'"))
        #expect(found.status == 1)
    }

    private func luacheck(_ arguments: [String], in folder: URL) throws -> ProgramRun {
        let options = ["luacheck", "--no-cache", "--formatter", "plain"]
        return try ProgramRun.of("/usr/bin/env", options + arguments, in: folder)
    }
}
