import Glibc
import Perilune

/// Checkpoints of about 100 MB against the disk's own speed: written and read, and how long a step stands still for one
/// that is written in the background: for the first two of a run, whose copies take fresh memory, and for those after
/// them. Then what callbacks add to an epoch of `digits`.
enum CheckpointWorkload {
    /// A square layer with Adam's two moments: 3 · 4 bytes for each of its weights, 101 MB.
    private static let width = 2900

    static func measure(_ settings: BenchSettings) throws -> [Measurement] {
        let folder = try ScratchFolder()
        let trainer = try Trainer(
            Sequential { Dense(width) }, optimizer: .adam(), loss: MeanSquaredError(), seed: 1)
        trainer.message = { _ in }
        let row = try Dataset.tensors(
            Tensor([Float](repeating: 0.1, count: width), shape: [1, width]),
            Tensor([Float](repeating: 0, count: width), shape: [1, width]))

        /// The longer of the first two steps, and the median of those after them.
        func step(_ saver: ModelCheckpoint?) throws -> (first: Double, later: Double) {
            // Several batches in one fit: its beginning and its end, where writes are waited for, are not the step's.
            let watch = StepWatch()
            var options = FitOptions()
            (options.verbose, options.threads, options.stepsPerEpoch) = (.silent, settings.threads, 5)
            try trainer.fit(row, options, callbacks: (saver.map { [$0] } ?? []) + [watch])
            return (watch.steps.prefix(2).max() ?? 0, Timings(Array(watch.steps.dropFirst(2))).median)
        }
        func saver(background: Bool) throws -> ModelCheckpoint {
            var options = ModelCheckpoint.Options()
            (options.every, options.inBackground, options.overwrites) = (.steps(1), background, true)
            return try ModelCheckpoint(.folder(folder.path + "/saved", keepLast: 1, keepBest: 0), options: options)
        }

        var times: [String: [Double]] = [:]
        var bytes = 0
        for round in 0...settings.repeats {
            let plain = try step(nil)
            let foreground = try saver(background: false)
            let written = try step(foreground).later - plain.later
            guard let path = foreground.files.last?.path else { return [] }
            bytes = folder.size(of: path)
            var start = ContinuousClock.now
            _ = try Checkpoint(contentsOf: path)
            let read = (ContinuousClock.now - start).inSeconds
            start = .now
            try folder.writeRaw(bytes)
            let raw = (ContinuousClock.now - start).inSeconds
            let stall = try step(saver(background: true))
            guard round > 0 else { continue }
            for (name, time) in [
                ("write", written), ("read", read), ("raw", raw), ("first", stall.first - plain.first),
                ("stall", stall.later - plain.later),
            ] {
                times[name, default: []].append(time)
            }
        }
        let medians = times.mapValues { Timings($0).median }
        guard let write = medians["write"], let read = medians["read"], let raw = medians["raw"],
            let stall = medians["stall"], let first = medians["first"]
        else { return [] }
        let megabytes = Double(bytes) / 1e6
        return [
            Measurement(
                workload: "checkpoint",
                figures: [
                    ("mb", .number(megabytes, digits: 1)), ("write_mb_per_s", .number(megabytes / write, digits: 0)),
                    ("disk_mb_per_s", .number(megabytes / raw, digits: 0)),
                    ("write_to_disk", .number(raw / write, digits: 2)),
                    ("read_mb_per_s", .number(megabytes / read, digits: 0)),
                    ("background_stall_ms", .number(stall * 1e3, digits: 1)),
                    ("first_background_stall_ms", .number(first * 1e3, digits: 1)),
                    ("write_ms", .number(write * 1e3, digits: 1)),
                ])
        ]
    }
}

/// The times from the beginning of one batch to the beginning of the next: a step, and what comes between two.
private final class StepWatch: Callback {
    private var last: ContinuousClock.Instant?
    private(set) var steps: [Double] = []

    var events: EventSet { [.trainBatchBegin] }

    func prepare(for run: Run) { (last, steps) = (nil, []) }

    func onTrainBatchBegin(_ batch: Int, _ logs: Logs, _ run: Run) -> Directive? {
        let now = ContinuousClock.now
        if let last { steps.append((now - last).inSeconds) }
        last = now
        return nil
    }
}

/// A folder on the disk that temporary files are on; gone when the measurement is.
private final class ScratchFolder {
    let path: String

    struct Failure: Error, CustomStringConvertible {
        var description: String
    }

    init() throws {
        let parent = getenv("TMPDIR").map { String(cString: $0) } ?? P_tmpdir
        var template = Array((parent + "/perilune-bench-XXXXXX").utf8CString)
        guard let made = mkdtemp(&template) else { throw Failure(description: "there is no folder for a checkpoint") }
        path = String(cString: made)
    }

    deinit {
        for name in ["/saved", ""] {
            for step in CheckpointFolder(path + name).steps { unlink(CheckpointFolder(path + name).file(step: step)) }
            rmdir(path + name)
        }
    }

    func size(of file: String) -> Int {
        var status = stat()
        return stat(file, &status) == 0 ? Int(status.st_size) : 0
    }

    /// What the disk can do: so many bytes written and synced, as dd does with conv=fsync.
    func writeRaw(_ count: Int) throws {
        let file = path + "/raw"
        let descriptor = open(file, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        guard descriptor >= 0 else { throw Failure(description: "cannot write \(file)") }
        defer {
            close(descriptor)
            unlink(file)
        }
        let block = [UInt8](repeating: 1, count: 1 << 20)
        var left = count
        while left > 0 {
            let written = block.withUnsafeBytes { write(descriptor, $0.baseAddress, min(left, $0.count)) }
            guard written > 0 else { throw Failure(description: "cannot write \(file)") }
            left -= written
        }
        fsync(descriptor)
    }
}
