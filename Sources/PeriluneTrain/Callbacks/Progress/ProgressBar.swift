public import PeriluneItems
public import PeriluneProcess

/// Shows how far a run is: a bar that is redrawn on a terminal, or one line an epoch.
///
/// A redraw comes at most every 50 ms and never exceeds the width of the terminal; the line of an epoch's end has all
/// its numbers. Within fit, validation is silent and its numbers are in the epoch's line.
public final class ProgressBar: Callback {
    public static let declaration = CallbackDeclaration(
        "progress_bar", ProgressBar(.bar),
        options: [.optional("style", \.style, .choice(), "a bar, or a line an epoch")],
        help: """
            Shows how far a run is; in place of what verbose asks for.
            lune.progress_bar { style = "lines" }
            """
    ) { ProgressBar(try $0[\.style]) }

    /// What is shown.
    public enum Style: String, Hashable, Sendable, CaseIterable {
        case bar
        case lines
    }

    public let style: Style
    private let width: Int?
    private let sink: (String) -> Void
    private let clock: () -> Double
    private var lastDrawn = -Double.infinity
    /// When the epoch, or the pass, began and its first batch ended.
    private var began = 0.0
    private var firstEnded = 0.0
    private var isBarOpen = false
    /// Callbacks that have something to show at the end of the line.
    private var notes: [() -> String?] = []
    /// Batches of the last epoch, where the data do not say.
    private var countedSteps: Int?

    /// - Parameters:
    ///   - width: columns of the terminal; at least 20 are used. nil: as many as it has when a line is drawn.
    ///   - clock: seconds since some fixed moment.
    ///   - sink: takes what is printed.
    public init(
        _ style: Style, width: Int? = nil, clock: @escaping () -> Double = ProgressBar.monotonic,
        sink: @escaping (String) -> Void = Terminal.write
    ) {
        self.style = style
        self.width = width
        self.clock = clock
        self.sink = sink
    }

    /// The bar that `verbose` asks for; nil where it asks for silence.
    public static func make(_ verbosity: FitOptions.Verbosity) -> ProgressBar? {
        switch verbosity {
        case .auto: ProgressBar(Terminal.isInteractive ? .bar : .lines)
        case .silent: nil
        case .bar: ProgressBar(.bar)
        case .lines: ProgressBar(.lines)
        }
    }

    public static func monotonic() -> Double { (ContinuousClock.now - start).inSeconds }

    private static let start = ContinuousClock.now
}

extension ProgressBar {
    public var name: String { "progress_bar" }
    public var order: CallbackOrder { .progress }
    public var roles: [CallbackRole] { [.showsProgress] }

    public var events: EventSet {
        EventSet([.epochBegin, .epochEnd, .trainEnd, .testBegin, .testEnd, .predictBegin, .predictEnd])
            .adding([.trainBatchEnd, .testBatchEnd, .predictBatchEnd], if: style == .bar)
    }

    public func enter(_ run: Run) {
        (isBarOpen, countedSteps) = (false, nil)
        notes = run.roles.compactMap(\.progressNote)
    }

    public func onEpochBegin(_ epoch: Int, _ logs: Logs, _ run: Run) -> Directive? {
        begin(run, title: run.params.epochs > 1 ? "Epoch \(epoch)/\(run.params.epochs)" : nil)
        return nil
    }

    public func onTrainBatchEnd(_ batch: Int, _ logs: Logs, _ run: Run) -> Directive? {
        redraw(batch, run, logs)
        return nil
    }

    public func onEpochEnd(_ epoch: Int, _ logs: Logs, _ run: Run) -> Directive? {
        endEpoch(run, logs)
        return nil
    }

    public func onTrainEnd(_ logs: Logs, _ run: Run) -> Directive? {
        closeBar()
        return nil
    }

    public func onTestBegin(_ logs: Logs, _ run: Run) -> Directive? {
        if !run.isTraining { begin(run, title: nil) }
        return nil
    }

    public func onTestBatchEnd(_ batch: Int, _ logs: Logs, _ run: Run) -> Directive? {
        if !run.isTraining { redraw(batch, run, logs) }
        return nil
    }

    public func onTestEnd(_ logs: Logs, _ run: Run) -> Directive? {
        if !run.isTraining { endPass(run, logs) }
        return nil
    }

    public func onPredictBegin(_ logs: Logs, _ run: Run) -> Directive? { onTestBegin(logs, run) }

    public func onPredictBatchEnd(_ batch: Int, _ logs: Logs, _ run: Run) -> Directive? {
        onTestBatchEnd(batch, logs, run)
    }

    public func onPredictEnd(_ logs: Logs, _ run: Run) -> Directive? { onTestEnd(logs, run) }

    /// Seconds, but those in which the run stood still.
    private func time(_ run: Run) -> Double { clock() - run.secondsPaused }

    private func begin(_ run: Run, title: String?) {
        began = time(run)
        firstEnded = began
        lastDrawn = -Double.infinity
        if style == .bar, let title { sink(title + "\n") }
    }

    private func redraw(_ batch: Int, _ run: Run, _ logs: Logs) {
        let now = time(run)
        if batch == 1 { firstEnded = now }
        guard now - lastDrawn >= 0.05 else { return }
        lastDrawn = now
        isBarOpen = true
        sink("\r" + ProgressLine.bar(state(batch, run, now), values(logs, running: true), width: columns))
    }

    /// A window may have been made narrower meanwhile; a line that is wider than it could not be drawn over.
    private var columns: Int { max(20, width ?? Terminal.width) }

    private func state(_ batch: Int, _ run: Run, _ now: Double) -> ProgressLine.State {
        ProgressLine.State(
            batch: batch, steps: run.params.steps ?? countedSteps, elapsed: now - began,
            // The first batch builds the programs and says nothing of the others.
            secondsPerStep: batch > 1 ? (now - firstEnded) / Double(batch - 1) : now - began)
    }

    private func endEpoch(_ run: Run, _ logs: Logs) {
        guard !run.isFailing, run.batchesTrained > 0 else { return closeBar() }
        countedSteps = run.batch
        end(run.batch, run, logs, title: "Epoch \(run.epoch)/\(run.params.epochs)")
    }

    private func endPass(_ run: Run, _ logs: Logs) {
        guard !run.isFailing else { return closeBar() }
        end(run.testBatch, run, logs, title: "\(run.testBatch)/\(run.testBatch)")
    }

    private func end(_ batch: Int, _ run: Run, _ logs: Logs, title: String) {
        let values = values(logs, running: false)
        switch style {
        case .bar:
            sink("\r" + ProgressLine.bar(state(batch, run, time(run)), values, width: columns, isLast: true) + "\n")
            isBarOpen = false
        case .lines:
            sink("\(title) - \(ProgressLine.duration(time(run) - began))" + values.map { " - \($0)" }.joined() + "\n")
        }
    }

    private func closeBar() {
        if isBarOpen { sink("\n") }
        isBarOpen = false
    }

    /// `loss: 0.1234` and so on. During an epoch the running values are shown, as Keras does.
    private func values(_ logs: Logs, running: Bool) -> [String] {
        var texts: [String] = []
        logs.forEach { name, value in
            guard !ProgressBar.hidden.contains(name), !(running && name == "lr") else { return }
            if name.hasPrefix("running_") { return }
            let shown = running ? logs["running_" + name] ?? value : value
            texts.append("\(name): \(ProgressLine.number(shown))")
        }
        for note in notes { if let text = note() { texts.append(text) } }
        return texts
    }

    private static let hidden: Set = ["epoch", "step", "size", "epoch_seconds", "samples_per_second"]
}
