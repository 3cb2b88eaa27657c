/// A fault of a run: what broke, where in the run, and what would have been right.
public struct TrainingError: Error, CustomStringConvertible {
    /// The kind of fault, for programs that want to react to it.
    public enum Code: Hashable, Sendable {
        /// No event has this name.
        case unknownEvent
        /// An option of fit, evaluate, a callback, an optimizer or a schedule is out of range.
        case invalidOption
        /// A callback monitors a quantity that the run does not have, or whose better direction is unknown.
        case unknownMonitor
        /// A callback asked for something that does not exist or is out of range.
        case invalidDirective
        /// A callback threw an error of its own.
        case callbackFailed
        /// The data do not fit the model, the loss or the options.
        case invalidData
        /// The step itself failed.
        case stepFailed
        /// A loss became NaN or infinite and `TerminateOnNaN` was told to raise.
        case invalidLoss
        /// An evaluation or prediction was interrupted, or a callback; `fit` returns its history instead.
        case interrupted
        /// The user ended the run at once (`InterruptDecision.abort`).
        case aborted
        /// A callback pauses the run, and there is no prompt.
        case noPrompt
        /// A file cannot be written.
        case fileFailed
    }

    /// Where in a run: whatever applies.
    public struct Place: Hashable, Sendable {
        public var callback: String?
        public var event: Event?
        /// Counted from 1.
        public var epoch: Int?
        /// Counted from 1 within the epoch.
        public var batch: Int?

        public init(callback: String? = nil, event: Event? = nil, epoch: Int? = nil, batch: Int? = nil) {
            self.callback = callback
            self.event = event
            self.epoch = epoch
            self.batch = batch
        }
    }

    public let code: Code
    public let message: String
    public internal(set) var place: Place
    /// The error that a callback, the data or the step threw.
    public internal(set) var underlying: (any Error)?
    /// Later errors of callbacks while the run was closed down.
    public internal(set) var suppressed: [String] = []

    public init(_ code: Code, _ message: String, at place: Place = Place(), underlying: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.place = place
        self.underlying = underlying
    }

    /// `message (callback 'x', on_epoch_end, epoch 3, batch 10)`.
    public var description: String {
        let parts = [
            place.callback.map { "callback '\($0)'" }, place.event?.name, place.epoch.map { "epoch \($0)" },
            place.batch.map { "batch \($0)" },
        ].compactMap(\.self)
        return parts.isEmpty ? message : "\(message) (\(parts.joined(separator: ", ")))"
    }
}
