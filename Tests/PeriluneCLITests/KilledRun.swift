import Foundation
import PeriluneTestSupport

/// A script of which nothing is left from one moment to the next, as when a machine goes down.
enum KilledRun {
    /// When a script is killed: once it has printed so many lines, and so many microseconds later.
    typealias Moment = (lines: Int, microseconds: UInt32)

    /// Runs a script, and kills it at `moment`; never where that is nil, unless it hangs.
    /// - Returns: whether it came to its end in order.
    static func of(_ script: String, _ arguments: [String], at moment: Moment?) throws -> Bool {
        let process = Process()
        process.executableURL = ProgramRun.directory.appendingPathComponent("perilune")
        process.arguments = [script] + arguments
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let watchdog = DispatchWorkItem { kill(process.processIdentifier, SIGKILL) }
        DispatchQueue.global().asyncAfter(deadline: .now() + 120, execute: watchdog)
        defer { watchdog.cancel() }
        var lines = 0
        var isKilled = false
        while case let chunk = output.fileHandleForReading.availableData, !chunk.isEmpty {
            lines += chunk.count(where: { $0 == UInt8(ascii: "\n") })
            guard let moment, !isKilled, lines >= moment.lines else { continue }
            usleep(moment.microseconds)
            kill(process.processIdentifier, SIGKILL)
            isKilled = true
        }
        process.waitUntilExit()
        return process.terminationReason == .exit && process.terminationStatus == 0
    }
}
