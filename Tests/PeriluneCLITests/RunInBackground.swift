import Foundation
import PeriluneTestSupport
import Testing

/// A script that trains in a process of its own until somebody ends it, and whom one can attach to.
final class RunInBackground {
    let process = Process()
    /// Where this run's socket is, and no other's.
    let folder: TemporaryFolder
    private let outputPath: String

    /// A fit that goes on until its `stop_training` is set or it is stopped; what it prints goes to a file.
    static let script = """
        local lune = require "perilune"
        lune.seed(1)
        local model = lune.sequential { lune.dense(10) }
        model:compile { optimizer = lune.sgd { lr = 0.01 }, loss = "sparse_categorical_crossentropy" }
        local history = model:fit(lune.data.digits(), { epochs = 1000000, verbose = 0, callbacks = { {
          on_train_batch_end = function(batch, logs, run) if run.step == 10 then \
        print("ready") io.stdout:flush() end end,
        } } })
        print("after", history.end_reason, model.optimizer.lr, tostring(answer))
        """

    init(_ script: String = RunInBackground.script, _ arguments: [String] = [], in shared: TemporaryFolder? = nil)
        throws
    {
        folder = try shared ?? TemporaryFolder()
        outputPath = try folder.write("output-\(UUID().uuidString)", "")
        process.executableURL = ProgramRun.directory.appendingPathComponent("perilune")
        process.arguments = arguments + ["-e", script]
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle(forWritingAtPath: outputPath)
        process.standardError = process.standardOutput
        try withSignalsUnblocked { try process.run() }
        try waitFor { $0.hasPrefix("ready\n") }
    }

    deinit { if process.isRunning { kill(process.processIdentifier, SIGKILL) } }

    /// What runs and those who look for them have in common. Other runs of this machine are elsewhere.
    var environment: [String: String] { ["XDG_RUNTIME_DIR": folder.url.path, "TMPDIR": folder.url.path] }
    var number: String { "\(process.processIdentifier)" }
    var socket: String { folder.url.path + "/perilune/\(number).sock" }
    var output: String { (try? String(contentsOfFile: outputPath, encoding: .utf8)) ?? "" }

    func waitFor(_ location: SourceLocation = #_sourceLocation, _ condition: (String) -> Bool) throws {
        try Patience.wait(location, showing: { output }) {
            let hasEnded = !process.isRunning
            if condition(output) { return true }
            try #require(!hasEnded, "the run ended: \(output)", sourceLocation: location)
            return false
        }
    }

    /// Attaches with these arguments and this input.
    func attach(_ arguments: String..., input: String = "") throws -> ProgramRun {
        try ProgramRun.of("perilune", ["attach", number] + arguments, input: input, environment: environment)
    }

    /// Waits for the end of the process, and returns its status.
    func end(_ location: SourceLocation = #_sourceLocation) throws -> Int32 {
        try Patience.wait(location, showing: { output }) { !process.isRunning }
        return process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus
    }
}
