import Glibc
import PeriluneGraph
public import PeriluneItems

/// Shows how a quantity went, as a line of small bars: `loss ▇▅▄▃▂▂▁▁ 0.1234`.
///
/// The progress bar has it in its line. Where there is no progress bar, it is a line of its own every so many epochs.
/// Where the terminal's locale is not UTF-8 the bars are ASCII. What the logs lack, or is not finite, is left out.
///
/// Cost: one number kept for each measurement, at most `width` of them.
public final class Sparkline: Callback {
    public static let declaration = CallbackDeclaration(
        "sparkline", try Sparkline(),
        positional: [.optional("monitor", \.monitor, .string, "what is shown")],
        options: [
            .optional("width", \.width, .integer(in: 2...200), "the most bars"), .every(\.every),
            .optional("ascii", \.ascii, .boolean, shown: "by the locale", "whether to draw with ASCII"),
        ],
        help: """
            Shows how a quantity went as small bars: in the progress bar, or without one on a line of its own.
            lune.sparkline("val_loss", { width = 30 })
            """
    ) { try Sparkline($0[\.monitor], width: $0[\.width], every: $0[\.every], ascii: $0[\.ascii]) }

    public let monitor: String
    /// The most bars, 2...200.
    public let width: Int
    /// How often a value is taken: at the end of each n-th epoch, or from the logs of batches.
    public let every: Frequency
    /// Whether the bars are ASCII; nil: by the locale.
    public let ascii: Bool?
    private let isUnicode: Bool
    private var values: [Double] = []
    private var lastTaken = ContinuousClock.now
    private var hasBar = false
    private var hasRemarked = false

    /// - Parameters:
    ///   - monitor: a name in the logs of epochs, or with `.steps` and `.seconds` in those of batches.
    ///   - ascii: nil decides by the locale.
    /// - Throws: `TrainingError` for options out of range.
    public init(
        _ monitor: String = "loss", width: Int = 20, every: Frequency = .epochs(1), ascii: Bool? = nil
    ) throws(TrainingError) {
        try every.check(for: "sparkline")
        try OptionCheck("sparkline").whole("width", width, in: 2...200)
        self.monitor = monitor
        self.width = width
        self.every = every
        self.ascii = ascii
        isUnicode = !(ascii ?? !Self.localeIsUnicode)
    }

    /// What the locale of the process says of its terminal.
    private static var localeIsUnicode: Bool {
        for name in ["LC_ALL", "LC_CTYPE", "LANG"] {
            guard let value = getenv(name), value.pointee != 0 else { continue }
            let text = String(cString: value).lowercased()
            return text.contains("utf-8") || text.contains("utf8")
        }
        return false
    }
}

extension Sparkline {
    public var name: String { "sparkline" }
    public var identity: CallbackIdentity {
        CallbackIdentity(kind: name, .exactly(monitor), details: "\(every) \(width)")
    }
    public var roles: [CallbackRole] { [.notesProgress { [weak self] in self?.progressText }] }

    public var events: EventSet { EventSet([.epochEnd]).adding([.trainBatchEnd], if: every.isWithinEpochs) }

    public func prepare(for run: Run) throws {
        (values, lastTaken, hasRemarked) = ([], .now, false)
        hasBar = run.roles.contains(where: \.showsProgress)
    }

    public func onTrainBatchEnd(_ batch: Int, _ logs: Logs, _ run: Run) -> Directive? {
        guard every.isDue(after: run, since: lastTaken) else { return nil }
        lastTaken = .now
        take(logs)
        return nil
    }

    public func onEpochEnd(_ epoch: Int, _ logs: Logs, _ run: Run) -> Directive? {
        guard !run.isFailing, run.batchesTrained > 0 else { return nil }
        if case .epochs(let count) = every {
            guard epoch % count == 0 else { return nil }
            if logs[monitor] == nil, !hasRemarked, !run.quantities.contains(where: { $0.name == monitor }) {
                hasRemarked = true
                run.say("sparkline: the logs have no '\(monitor)'\(NearestName.hint(monitor, among: logs.names))")
            }
            take(logs)
        }
        if !hasBar, let text = progressText { run.say("epoch \(epoch): \(text)") }
        return nil
    }

    private func take(_ logs: Logs) {
        guard let value = logs[monitor], value.isFinite else { return }
        if values.count == width { values.removeFirst() }
        values.append(value)
    }

    /// The bars, from the lowest to the highest of the values shown.
    var bars: String { SparkBars.text(values, columns: width, isUnicode: isUnicode) }

    var progressText: String? {
        guard let last = values.last else { return nil }
        return "\(monitor) \(bars) \(ProgressLine.number(last))"
    }

    public var report: [String: StateValue] { ["line": .text(bars), "values": .init(values)] }
    public var savedState: StateValue { .init(values) }
    public func restore(_ state: StateValue, in run: Run) {
        values = Array((state.numbers ?? []).filter(\.isFinite).suffix(width))
    }
}
