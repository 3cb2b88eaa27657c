import Glibc
public import PeriluneItems
import PeriluneRuntime

/// Writes how much memory the process holds to the logs, in MiB: `memory_rss` now, `memory_peak` at most so far, and
/// `memory_arena`, what the trainer's compiled programs work in (weights and optimizer memory are not part of that).
///
/// Cost: a measurement reads one small file of /proc and takes some 20 microseconds.
public final class MemoryMonitor: Callback {
    public static let declaration = CallbackDeclaration(
        "memory_monitor", try MemoryMonitor(), options: [.every(\.every)],
        help: """
            Writes memory_rss, memory_peak and memory_arena to the logs, in MiB.
            lune.memory_monitor { every = { seconds = 10 } }
            """
    ) { try MemoryMonitor(every: $0[\.every]) }

    public let every: Frequency
    private var lastTaken = ContinuousClock.now
    private var values: [(name: String, value: Double)] = []
    /// Whether a measurement has been taken in this epoch.
    private var isTaken = false

    /// - Throws: `TrainingError` for a frequency out of range.
    public init(every: Frequency = .epochs(1)) throws(TrainingError) {
        try every.check(for: "memory_monitor")
        self.every = every
    }
}

extension MemoryMonitor {
    public var name: String { "memory_monitor" }
    public var roles: [CallbackRole] { [.announcesLogs { ["memory_rss", "memory_peak", "memory_arena"] }] }

    public var events: EventSet { EventSet([.epochEnd]).adding([.trainBatchEnd], if: every.isWithinEpochs) }

    public func prepare(for run: Run) { (lastTaken, values, isTaken) = (.now, [], false) }

    public func onTrainBatchEnd(_ batch: Int, _ logs: Logs, _ run: Run) -> Directive? {
        guard every.isDue(after: run, since: lastTaken) else { return nil }
        measure(run)
        write(logs)
        return nil
    }

    public func onEpochEnd(_ epoch: Int, _ logs: Logs, _ run: Run) -> Directive? {
        if every.isDue(atEndOf: epoch) { measure(run) }
        if isTaken { write(logs) }
        isTaken = false
        return nil
    }

    private func measure(_ run: Run) {
        (lastTaken, isTaken) = (.now, true)
        let mebibyte = 1_048_576.0
        values.removeAll(keepingCapacity: true)
        if let resident = Self.residentBytes { values.append(("memory_rss", Double(resident) / mebibyte)) }
        var usage = rusage()
        // In KiB.
        if getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage) == 0 {
            values.append(("memory_peak", Double(usage.ru_maxrss) / 1024))
        }
        if let trainer = run.trainer { values.append(("memory_arena", Double(trainer.arenaByteCount) / mebibyte)) }
    }

    private func write(_ logs: Logs) {
        for (name, value) in values { logs[name] = value }
    }

    /// The second number of /proc/self/statm, in pages.
    private static var residentBytes: Int? {
        let descriptor = open("/proc/self/statm", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var buffer = [UInt8](repeating: 0, count: 128)
        let count = read(descriptor, &buffer, buffer.count)
        guard count > 0 else { return nil }
        let words = buffer.prefix(count).split(separator: UInt8(ascii: " "))
        guard words.count > 1, let pages = Int(String(decoding: words[1], as: UTF8.self)) else { return nil }
        return pages * max(1, sysconf(Int32(_SC_PAGESIZE)))
    }

    public var report: [String: StateValue] {
        Dictionary(values.map { ($0.name, .number($0.value)) }, uniquingKeysWith: { $1 })
    }
}
