import Synchronization

/// Wishes from outside (Ctrl-C, a signal, another thread, an attached prompt) that a run takes up at its next boundary:
/// after a batch, and between epochs. While nobody wishes anything a boundary costs one atomic load.
public final class Interrupts: Sendable {
    /// What is wished. Where there is more than one wish, the first of this list counts.
    public struct Reasons: OptionSet, Hashable, Sendable {
        public let rawValue: UInt32

        public init(rawValue: UInt32) { self.rawValue = rawValue }

        /// End the run in order, without asking anybody.
        public static let stop = Reasons(rawValue: 1)
        /// Ask `FitOptions.onInterrupt` what to do; end the run in order where there is nobody to ask.
        public static let prompt = Reasons(rawValue: 2)
        /// Someone outside has a question: call `FitOptions.onInterrupt`; go on where there is nobody to call.
        public static let attention = Reasons(rawValue: 4)
    }

    private let word = Atomic<UInt32>(0)

    public init() {}

    /// Asks for an interruption. May be called from any thread and from a signal handler.
    public func request(_ reasons: Reasons = .prompt) {
        word.bitwiseOr(reasons.rawValue, ordering: .acquiringAndReleasing)
    }

    /// What is asked for and not taken up yet.
    public var requested: Reasons { Reasons(rawValue: word.load(ordering: .acquiring)) }

    /// Whether an interruption is asked for. Attention is none.
    public var isRequested: Bool { !requested.isDisjoint(with: [.stop, .prompt]) }

    /// Forgets requests.
    public func clear(_ reasons: Reasons = [.stop, .prompt]) {
        word.bitwiseAnd(~reasons.rawValue, ordering: .acquiringAndReleasing)
    }
}
