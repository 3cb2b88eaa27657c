import Foundation
import PeriluneTestSupport
import Testing

@testable import PeriluneLua
@testable import PeriluneLuaRuntime

/// Saving and going on as scripts ask for it, and what they are told where that cannot be.
@Suite struct SavingTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// Runs a fit of the small model with these options; gives what the script returns, and the remarks.
    private func fit(_ options: String, epochs: Int = 3, _ after: String = "history.end_reason") throws
        -> (values: [LuaValue], remarks: [String], error: String?)
    {
        let state = try lune(smallModel)
        state.globals["dir"] = .string(folder.url.path)
        var remarks: [String] = []
        state.runHooks.message = { remarks.append($0) }
        let code = """
            local history = model:fit(data, { epochs = \(epochs), batch_size = 16, verbose = 0, \(options) })
            return \(after)
            """
        do {
            return (try state.run(code), remarks, nil)
        } catch let error as LuaError {
            return ([], remarks, error.message)
        }
    }

    @Test func `A run that is over says that it writes no more, and what does`() throws {
        for (call, message) in [
            ("run:save(dir .. '/end.safetensors')", "the run is over and writes no more checkpoints"),
            ("return { save = dir .. '/end.safetensors' }", "'save' cannot be returned from on_train_end"),
        ] {
            let error = try fit("callbacks = { on_train_end = function(logs, run) \(call) end }").error ?? ""
            #expect(error.contains(message), "\(error)")
            #expect(error.contains("model:save_weights(path) writes"), "\(error)")
        }
    }

    @Test func `A directive makes the folder that it saves to`() throws {
        let saved = try fit(
            "callbacks = { on_epoch_end = function() return { save = dir .. '/a b/ü/x.safetensors' } end }")
        #expect(saved.error == nil)
        #expect(FileManager.default.fileExists(atPath: folder.path("a b/ü/x.safetensors")))
        #expect(try fit("resume = dir .. '/a b/ü/x.safetensors'", epochs: 4).values == ["finished"])
    }

    @Test func `Going back to what is not there does not speak of starting afresh`() throws {
        let missing = try fit("callbacks = { on_epoch_end = function() return { restore = dir .. '/none' } end }")
        #expect(missing.error?.contains("/none: is not there") == true)
        #expect(!missing.remarks.contains { $0.contains("afresh") }, "\(missing.remarks)")
    }

    @Test func `An empty path to resume from is an error`() throws {
        #expect(try fit("resume = ''").error?.contains("fit: 'resume' is empty") == true)
    }

    private func stopping(_ stopper: String, epochs: Int = 20) throws -> (values: [LuaValue], remarks: [String]) {
        let done = try fit(
            """
            resume = dir .. '/run', callbacks = { lune.model_checkpoint { dir = dir .. '/run' },
              \(stopper) }
            """, epochs: epochs, "#history, history.end_reason, history.stop_reason")
        #expect(done.error == nil)
        return (done.values, done.remarks)
    }

    @Test func `A run that was stopped says so when it is asked to go on, and goes on with more patience`() throws {
        func stopper(_ patience: Int) -> String {
            "lune.early_stopping { monitor = 'loss', min_delta = 100, patience = \(patience) }"
        }
        #expect(try stopping(stopper(2)).values.prefix(2) == [3, "stopped"])
        for same in [stopper(2), "nil"] {
            let again = try stopping(same)
            #expect(again.values.prefix(2) == [3, "stopped"])
            #expect(
                again.remarks.contains {
                    $0.hasPrefix("the run was stopped there (loss has not improved for 2 epochs")
                        && $0.hasSuffix("); with another number of epochs it goes on")
                }, "\(again.remarks)")
        }
        #expect(try stopping(stopper(5)).values.prefix(2) == [6, "stopped"])
        #expect(try stopping("nil", epochs: 8).values.prefix(2) == [8, "finished"])
    }

    @Test func `A callback that watches something else than before begins afresh, and says so once`() throws {
        func stopper(_ monitor: String) -> String {
            "lune.early_stopping { monitor = '\(monitor)', min_delta = 1e-9, patience = 50 }"
        }
        _ = try stopping(stopper("loss"), epochs: 3)
        let other = try stopping(stopper("accuracy"), epochs: 5)
        #expect(
            other.remarks.filter { $0.hasPrefix("early_stopping") } == [
                "early_stopping: watches 'accuracy' (max), and 'loss' (min) when the checkpoint was written; it begins "
                    + "afresh"
            ])
        #expect(try stopping(stopper("accuracy"), epochs: 6).remarks.allSatisfy { !$0.contains("afresh") })
    }

    @Test func `More seconds than a clock can count are many, and no crash`() throws {
        let endless = try fit(
            """
            callbacks = { lune.on("epoch_end", { seconds = 1e30 }, function() count = (count or 0) + 1 end),
              lune.time_budget(1e300), lune.remote_monitor { root = "http://127.0.0.1:1", timeout = 1e300, \
            retries = 0 } }
            """, "count")
        #expect(endless.error == nil)
        #expect(endless.values == [1])
    }
}
