import Foundation
import PeriluneTestSupport
import Testing

/// `perilune train.lua | tee log`: Ctrl-C ends `tee` as well.
@Suite struct BrokenPipeTests {
    @Test(arguments: [SIGINT, SIGTERM])
    func `a run that ends in order writes its checkpoint also where nobody reads it any more`(signal: Int32) throws {
        let folder = try TemporaryFolder()
        let script = """
            local lune = require "perilune"
            lune.seed(1)
            local function exists(path) local file = io.open(path) return file and file:close() end
            local model = lune.sequential { lune.dense(10) }
            model:compile { optimizer = "sgd", loss = "sparse_categorical_crossentropy" }
            local history = model:fit(lune.data.digits(), { epochs = 1000000, verbose = 0, callbacks = {
              lune.model_checkpoint { dir = "saved", every = { epochs = 1000000 } },
              { on_train_batch_end = function(batch, logs, run)
                  if run.step ~= 10 then return end
                  print("ready") io.stdout:flush()
                  while not exists("go") do end
                  print("nobody reads this") io.stdout:flush()
                end },
            } })
            print("nor this") io.stdout:flush()
            io.open("end", "w"):write(history.end_reason):close()
            """
        let process = Process()
        process.executableURL = ProgramRun.directory.appendingPathComponent("perilune")
        process.arguments = ["-e", script]
        process.currentDirectoryURL = folder.url
        process.environment = ProcessInfo.processInfo.environment.merging(["XDG_RUNTIME_DIR": folder.url.path]) { $1 }
        let output = Pipe()
        process.standardOutput = output
        process.standardInput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try withSignalsUnblocked { try process.run() }
        defer { if process.isRunning { kill(process.processIdentifier, SIGKILL) } }
        #expect(output.fileHandleForReading.availableData == Data("ready\n".utf8))
        kill(process.processIdentifier, signal)
        try output.fileHandleForReading.close()
        _ = try folder.write("go", "")
        process.waitUntilExit()
        #expect(process.terminationReason == .exit)
        #expect(process.terminationStatus == 128 + signal)
        #expect(try String(contentsOfFile: folder.url.path + "/end", encoding: .utf8) == "interrupted")
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path + "/saved").count == 1)
    }

    @Test func `a run that nobody wants to read ends at once`() throws {
        let path = ProgramRun.directory.appendingPathComponent("perilune").path
        let run = try ProgramRun.of(
            "/bin/bash", ["-c", "'\(path)' -e 'while true do print(1) end' | head -n 2; echo ${PIPESTATUS[0]}"])
        #expect(run.output == "1\n1\n\(128 + SIGPIPE)\n")
    }
}
