import Foundation
import PeriluneTestSupport
import Testing

/// Random input in a process of its own, from seeds: the same each time, and longer where `PERILUNE_FUZZ_SECONDS` says
/// so.
@Suite struct FuzzTests {
    private static let seconds = ProcessInfo.processInfo.environment["PERILUNE_FUZZ_SECONDS"].flatMap(Double.init) ?? 2

    @Test(arguments: ["bindings", "callbacks", "hosts", "checkpoints", "prompt", "live", "attach", "scripts", "files"])
    func `Random input ends in errors at worst`(kind: String) throws {
        let folder = try TemporaryFolder()
        let run = try ProgramRun.of(
            "perilune-fuzz", [kind, "--seconds", "\(Self.seconds)"], in: folder.url, limit: Self.seconds + 120)
        // Of a crash the journal tells the seed and the input.
        let journal =
            (try? String(decoding: Data(contentsOf: folder.url.appending(path: "journal")), as: UTF8.self)) ?? ""
        #expect(
            run.status == 0,
            "\(run.output.suffix(2000))\n\(run.errors.suffix(4000))\n\(journal.prefix(20))…\(journal.suffix(2000))")
        let summary = try #require(run.output.split(separator: "\n").last)
        let counts = summary.split(separator: " ").compactMap { Int($0) }
        #expect(counts.count == 3, "\(summary)")
        if counts.count == 3 {
            #expect(counts[0] >= 60)
            // Input that never gets past the checks finds nothing.
            #expect(counts[1] >= 1 && counts[1] < counts[0])
        }
    }
}
