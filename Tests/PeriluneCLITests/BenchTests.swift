import Foundation
import Testing

@Suite struct BenchTests {
    @Test func `a measurement is one JSON object a line`() throws {
        let run = try ProgramRun.of("perilune-bench", ["startup", "--json", "--repeats", "1"])
        let lines = run.output.split(separator: "\n")
        #expect(lines.count == 1)
        let object = try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any]
        #expect(object?["workload"] as? String == "startup")
        #expect(object?["ms"] is Double)
        #expect(run.errors == "")
        #expect(run.status == 0)
    }

    @Test(arguments: ["prompt_startup", "digits_process", "digits", "attach", "checkpoint"])
    func `a workload is measured`(name: String) throws {
        let run = try ProgramRun.of("perilune-bench", [name, "--json", "--repeats", "1"])
        let object = try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any]
        #expect(object?["workload"] as? String == name)
        #expect(run.errors == "")
    }

    @Test func `callbacks are measured in every profile`() throws {
        // The name of before will do too.
        let run = try ProgramRun.of("perilune-bench", ["callback", "--json", "--repeats", "1"])
        let lines = try run.output.split(separator: "\n").map { line in
            try #require(JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        }
        #expect(lines.allSatisfy { $0["workload"] as? String == "callbacks" })
        let variants = lines.dropLast().map { line in
            ["profile", "event", "callbacks"].map { "\(line[$0] ?? "?")" }.joined(separator: " ")
        }
        #expect(
            Set(variants).isSuperset(of: [
                "none every_batch 0", "trusted every_batch 1", "trusted every_batch 5", "strict every_batch 1",
                "strict every_batch 5", "limited every_batch 1", "limited every_batch 5", "trusted every_100 1",
                "limited every_100 1", "trusted unheard 1", "script every_batch 0", "script every_batch 1",
                "script every_batch 5",
            ]))
        #expect(lines.dropLast().allSatisfy { ($0["batch_ns"] as? Int ?? 0) > 0 })
        let withCallbacks = lines.dropLast().filter { $0["callbacks"] as? Int != 0 }
        #expect(withCallbacks.count == 11)
        #expect(withCallbacks.allSatisfy { $0["ns_per_callback"] is Int })
        #expect(lines.last?["strict_to_trusted"] is Double)
        #expect(lines.last?["limited_to_trusted"] is Double)
        #expect(run.errors == "")
        #expect(run.status == 0)
    }

    @Test func `an unknown workload ends with 2 and lists the known ones`() throws {
        let run = try ProgramRun.of("perilune-bench", ["digit"])
        #expect(
            run.errors.contains(
                "The workloads are: digits, mlp, cnn, lstm, callbacks, attach, checkpoint, callback_costs, csv, "
                    + "startup, prompt_startup, digits_process."))
        #expect(run.status == 2)
    }
}
