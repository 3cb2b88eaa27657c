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

    @Test(arguments: ["callback", "digits_process", "digits"]) func `a workload is measured`(name: String) throws {
        let run = try ProgramRun.of("perilune-bench", [name, "--json", "--repeats", "1"])
        let object = try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any]
        #expect(object?["workload"] as? String == name)
        #expect(run.errors == "")
    }

    @Test func `an unknown workload ends with 2 and lists the known ones`() throws {
        let run = try ProgramRun.of("perilune-bench", ["digit"])
        #expect(run.errors.contains("The workloads are: digits, mlp, cnn, callback, startup, digits_process."))
        #expect(run.status == 2)
    }
}
