import Foundation
import Testing

/// What `perilune attach` lists of the processes that a test started. Runs of others on this machine may be listed too:
/// the folder of those that have no runtime folder of their own is looked through by everyone.
enum RunListing {
    /// - Returns: the lines of these processes, in the order of the list.
    static func of(
        _ processes: [String], environment: [String: String], _ location: SourceLocation = #_sourceLocation
    ) throws -> [String] {
        let list = try ProgramRun.of("perilune", ["attach"], environment: environment)
        #expect((list.errors, list.status) == ("", 0), sourceLocation: location)
        let lines = list.output.split(separator: "\n").map(String.init)
        if lines.count == 1 {
            #expect(list.output == "no runs to attach to\n", sourceLocation: location)
        } else {
            let header = ["PID", "EPOCH", "STEP", "SINCE", "DOES", "SCRIPT"]
            #expect(lines.first?.split(separator: " ").map(String.init) == header, sourceLocation: location)
        }
        return lines.filter { line in processes.contains { line.split(separator: " ").first == Substring($0) } }
    }
}
