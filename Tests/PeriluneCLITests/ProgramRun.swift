import Foundation
import PeriluneTestSupport

/// One run of a program that was built beside the tests, with all it printed.
struct ProgramRun {
    var status: Int32
    var output: String
    var errors: String

    /// Where the build put its programs: the folder of the test bundle.
    static let directory: URL = {
        let own = CommandLine.arguments.first { $0.hasSuffix(".xctest") }
        let path = own ?? (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return URL(fileURLWithPath: path).deletingLastPathComponent()
    }()

    /// Runs a program to its end or for `limit` seconds, one of the build's or one given by its whole path.
    /// `whileRunning` sees the process once it has printed `cue` as a line of its output.
    static func of(
        _ program: String = "perilune", _ arguments: [String], input: String = "", in folder: URL? = nil,
        environment: [String: String] = [:], limit: Double = Patience.seconds, onceItPrints cue: String? = nil,
        whileRunning: (Process) -> Void = { _ in }
    ) throws -> ProgramRun {
        let process = Process()
        process.executableURL =
            program.hasPrefix("/") ? URL(fileURLWithPath: program) : directory.appendingPathComponent(program)
        process.arguments = arguments
        if !environment.isEmpty {
            process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        }
        if let folder { process.currentDirectoryURL = folder }
        // Errors go to a file: a pipe that nobody empties would stop the program.
        let files = try TemporaryFolder()
        let errorPath = try files.write("errors", "")
        let (stdin, stdout) = (Pipe(), Pipe())
        (process.standardInput, process.standardOutput) = (stdin, stdout)
        process.standardError = FileHandle(forWritingAtPath: errorPath)
        try withSignalsUnblocked { try process.run() }
        // A program that hangs must not take the whole test run with it.
        let watchdog = DispatchWorkItem { kill(process.processIdentifier, SIGKILL) }
        DispatchQueue.global().asyncAfter(deadline: .now() + limit, execute: watchdog)
        defer { watchdog.cancel() }
        stdin.fileHandleForWriting.write(Data(input.utf8))
        try stdin.fileHandleForWriting.close()
        var output = Data()
        var cue = cue
        while case let chunk = stdout.fileHandleForReading.availableData, !chunk.isEmpty {
            output += chunk
            if let awaited = cue, output.range(of: Data((awaited + "\n").utf8)) != nil {
                cue = nil
                whileRunning(process)
            }
        }
        process.waitUntilExit()
        return ProgramRun(
            status: process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus,
            output: String(decoding: output, as: UTF8.self),
            errors: try String(contentsOfFile: errorPath, encoding: .utf8))
    }
}

/// Tests run on threads that block signals, and what they start would inherit that.
func withSignalsUnblocked(_ body: () throws -> Void) rethrows {
    var (none, before) = (sigset_t(), sigset_t())
    sigemptyset(&none)
    pthread_sigmask(SIG_SETMASK, &none, &before)
    defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
    try body()
}
