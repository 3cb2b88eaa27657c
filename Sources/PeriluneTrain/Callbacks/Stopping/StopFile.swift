import Glibc
public import PeriluneItems

/// Ends the run in order when a file appears: `touch STOP` from anywhere.
///
/// The file is looked for at batch ends, at most so often. One that is there from the beginning stops the run before
/// its first batch. A run that was ended so goes on when it is resumed and the file is gone.
public final class StopFile: Callback {
    public static let declaration = CallbackDeclaration(
        "stop_file", try StopFile("STOP"),
        positional: [.required("path", \.path, .string, "the file")],
        options: [
            .optional(
                "seconds", \.secondsBetweenLooks, .number(.atLeast(0)), "the least time between two looks"),
            .optional(
                "remove", \.removesFile, .boolean, "whether to remove the file when it has stopped the run"),
        ],
        help: """
            Stops in order when a file appears, looked for after batches: touch STOP.
            lune.stop_file("STOP", { remove = true })
            """
    ) { options in
        let removes = try options[\.removesFile]
        return try StopFile(
            options.opened(options[\.path], for: removes ? .write : .read, "path"),
            every: options[\.secondsBetweenLooks], remove: removes)
    }

    public let path: String
    /// The least time between two looks, 0 or more; with 0 there is one after each batch.
    public let secondsBetweenLooks: Double
    /// Whether the file is removed when it has stopped the run.
    public let removesFile: Bool
    /// Whether the file has ended the run.
    public private(set) var isFound = false
    private var lastLook: ContinuousClock.Instant?
    private let clock: () -> ContinuousClock.Instant

    /// - Throws: `TrainingError` for an empty path, or a time that is negative or not finite.
    public convenience init(_ path: String, every seconds: Double = 1, remove: Bool = false) throws(TrainingError) {
        try self.init(path, every: seconds, remove: remove, clock: { .now })
    }

    init(
        _ path: String, every seconds: Double, remove: Bool, clock: @escaping () -> ContinuousClock.Instant
    ) throws(TrainingError) {
        guard !path.isEmpty else { throw TrainingError(.invalidOption, "stop_file: 'path' is empty") }
        try OptionCheck("stop_file").nonNegative("seconds", seconds)
        self.path = path
        secondsBetweenLooks = seconds
        removesFile = remove
        self.clock = clock
    }

    public var name: String { "stop_file" }
    public var identity: CallbackIdentity { .file(kind: name, path) }

    public var events: EventSet { [.trainBegin, .trainBatchEnd] }

    public func prepare(for run: Run) { (isFound, lastLook) = (false, nil) }

    public func onTrainBegin(_ logs: Logs, _ run: Run) -> Directive? { look(run) }

    public func onTrainBatchEnd(_ batch: Int, _ logs: Logs, _ run: Run) -> Directive? {
        guard !isFound else { return nil }
        let now = clock()
        if let lastLook, (now - lastLook).inSeconds < secondsBetweenLooks { return nil }
        lastLook = now
        return look(run)
    }

    private func look(_ run: Run) -> Directive? {
        guard access(path, F_OK) == 0 else { return nil }
        isFound = true
        if removesFile, unlink(path) != 0 {
            run.say("stop_file: \(path) cannot be removed: \(String(cString: strerror(errno)))")
        }
        return .stop(reason)
    }

    private var reason: String { "the stop file \(path) is there" }

    public var report: [String: StateValue] { ["path": .text(path), "found": .boolean(isFound)] }

    public var savedState: StateValue { ["found": .boolean(isFound)] }

    public func restore(_ state: StateValue, in run: Run) {
        isFound = state["found"]?.boolean ?? false
        guard isFound, access(path, F_OK) != 0 else { return }
        isFound = false
        run.cancelStop(for: reason)
    }
}
