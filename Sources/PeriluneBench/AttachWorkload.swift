import Glibc
import Perilune

/// What a batch costs more because a client could attach to the run, while none does.
enum AttachWorkload {
    /// Batches in one timed fit, and how many of them are timed: short ones find a processor to themselves on a busy
    /// machine.
    private static let batches = 500
    private static let fits = 200

    static func measure(_ settings: BenchSettings) throws -> [Measurement] {
        let state = try LuaState()
        try PeriluneModule.install(in: state)
        let fit = try state.load(text: script, name: "attach.lua").run([.integer(batches)])
        guard let function = fit.first?.function else { return [] }
        let folder = try makeFolder()
        defer { rmdir(folder) }
        let server = AttachServer(state, script: "attach.lua", folder: folder)
        defer { server.stop() }

        // Both take turns, so that the machine's moods meet both.
        var (alone, listening): ([Double], [Double]) = ([], [])
        for round in 0...settings.repeats * fits {
            for listens in [false, true] {
                state.runHooks.attendant = listens ? server : nil
                let start = ContinuousClock.now
                try function.call()
                let time = (ContinuousClock.now - start).inSeconds * 1e9 / Double(batches)
                guard round > 0 else { continue }
                if listens { listening.append(time) } else { alone.append(time) }
            }
        }
        guard server.path != nil else { throw ChildProcess.Failure(description: "the run cannot be attached to") }
        let (without, with) = (Timings(alone), Timings(listening))
        return [
            Measurement(
                workload: "attach",
                figures: [
                    ("batch_ns", .number(without.median, digits: 0)),
                    ("ns_per_batch", .number(with.median - without.median, digits: 1)),
                    ("min_batch_ns", .number(without.least, digits: 0)),
                    ("min_ns_per_batch", .number(with.least - without.least, digits: 1)),
                ])
        ]
    }

    /// As small a model as can be: what a socket adds is to show.
    private static let script = """
        local lune = require "perilune"
        local batches = ...
        lune.seed(1)
        local data = lune.data.tensors(lune.ones { batches, 4 }, lune.zeros { batches, 1 })
        local model = lune.sequential { lune.dense(1) }
        model:compile { optimizer = "sgd", loss = "mse" }
        return function() model:fit(data, { batch_size = 1, shuffle = false, verbose = 0 }) end
        """

    private static func makeFolder() throws -> String {
        let parent = getenv("TMPDIR").map { String(cString: $0) } ?? P_tmpdir
        var template = Array((parent + "/perilune-bench-XXXXXX").utf8CString)
        guard mkdtemp(&template) != nil else {
            throw ChildProcess.Failure(description: "cannot make a folder in \(parent)")
        }
        return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
