public import PeriluneItems

/// Writes how fast the run is to the logs: `samples_per_second` and `steps_per_second`.
///
/// In the logs of batches they are means over the last `window` batches, in those of an epoch over all its batches; the
/// time of validations and of prompts does not count. The first batches are slower than the rest where programs are
/// compiled for them. A resumed run counts from where it goes on.
///
/// Cost: the clock is read once a batch.
public final class Throughput: Callback {
    public static let declaration = CallbackDeclaration(
        "throughput", try Throughput(),
        options: [
            .optional("window", \.window, .integer(in: 1...1_000_000), "batches that the mean is taken over")
        ],
        help: """
            Writes samples_per_second and steps_per_second to the logs of batches and epochs.
            lune.throughput { window = 50 }
            """
    ) { try Throughput(window: $0[\.window]) }

    /// Batches that a mean is taken over, 1 or more.
    public let window: Int
    private let clock: () -> Double
    /// Of the last batches, oldest first from `next` on.
    private var durations: [Double] = []
    private var sizes: [Double] = []
    private var next = 0
    private var last = 0.0
    private var testBegan = 0.0
    private var epoch = Totals()
    private var whole = Totals()

    private struct Totals {
        var samples = 0.0
        var batches = 0.0
        var seconds = 0.0

        mutating func add(_ size: Double, _ duration: Double) {
            samples += size
            batches += 1
            seconds += duration
        }

        var samplesPerSecond: Double { seconds > 0 ? samples / seconds : 0 }
        var batchesPerSecond: Double { seconds > 0 ? batches / seconds : 0 }
    }

    /// - Parameter clock: seconds from any moment on.
    /// - Throws: `TrainingError` for a window out of range.
    public init(window: Int = 100, clock: @escaping () -> Double = ProgressBar.monotonic) throws(TrainingError) {
        try OptionCheck("throughput").whole("window", window, in: 1...1_000_000)
        self.window = window
        self.clock = clock
    }
}

extension Throughput {
    public var name: String { "throughput" }

    public var events: EventSet { [.epochBegin, .trainBatchEnd, .testBegin, .testEnd, .epochEnd] }

    public func prepare(for run: Run) {
        (next, epoch, whole) = (0, Totals(), Totals())
        durations.removeAll(keepingCapacity: true)
        sizes.removeAll(keepingCapacity: true)
        durations.reserveCapacity(window)
        sizes.reserveCapacity(window)
        last = clock()
    }

    private func time(_ run: Run) -> Double { clock() - run.secondsPaused }

    public func handle(_ event: Event, _ context: EventContext) -> Directive? {
        let run = context.run
        if event == .trainBatchEnd {
            note(context.logs, run, writes: context.logsAreReadLater)
        } else if event == .epochBegin {
            (epoch, last) = (Totals(), time(run))
        } else if event == .testBegin {
            testBegan = time(run)
        } else if event == .testEnd {
            last += time(run) - testBegan
        } else if event == .epochEnd, !run.isFailing, epoch.batches > 0 {
            context.logs["steps_per_second"] = epoch.batchesPerSecond
        }
        return nil
    }

    private func note(_ logs: Logs, _ run: Run, writes: Bool) {
        let now = time(run)
        let (duration, size) = (now - last, logs["size"] ?? 0)
        last = now
        epoch.add(size, duration)
        whole.add(size, duration)
        if durations.count < window {
            durations.append(duration)
            sizes.append(size)
        } else {
            (durations[next], sizes[next]) = (duration, size)
            next = (next + 1) % window
        }
        guard writes else { return }
        var recent = Totals()
        // By index: iterators allocate where nothing is optimized.
        for index in durations.indices { recent.add(sizes[index], durations[index]) }
        logs["samples_per_second"] = recent.samplesPerSecond
        logs["steps_per_second"] = recent.batchesPerSecond
    }

    public var report: [String: StateValue] {
        [
            "samples_per_second": .number(whole.samplesPerSecond), "steps_per_second": .number(whole.batchesPerSecond),
            "samples": .number(whole.samples), "steps": .number(whole.batches), "seconds": .number(whole.seconds),
        ]
    }
}
