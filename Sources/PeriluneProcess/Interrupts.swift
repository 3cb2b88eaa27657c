import Synchronization

/// What is asked for from outside (Ctrl-C, a signal, another thread, an attached prompt) and a run takes up at its next
/// boundary: after a batch, and between epochs. While nothing is asked for a boundary costs one atomic load.
///
/// `request(.stop)` reaches a script's callback that loops too: it is ended where it is, a quarter of a second after
/// the request at the earliest, so that one that is about to end does. A callback in Swift is never broken off; one
/// that takes long may look at `Run.interrupts`.
@safe public final class Interrupts: Sendable {
    /// What is asked for. Where that is more than one of these, the first of them counts.
    public struct Reasons: OptionSet, Hashable, Sendable {
        public let rawValue: UInt32

        public init(rawValue: UInt32) { self.rawValue = rawValue }

        /// End the run in order, without asking.
        public static let stop = Reasons(rawValue: 1)
        /// Ask `FitOptions.onInterrupt` what to do; end the run in order where there is no answer.
        public static let prompt = Reasons(rawValue: 2)
        /// A client outside of the process has a question: let `FitOptions.attendant` answer it, or
        /// `FitOptions.onInterrupt` where there is no attendant; go on where there is no answer.
        public static let attention = Reasons(rawValue: 4)
    }

    /// Atomic, so shared by all threads. In memory of its own, so that what runs a script's callback may watch it, in a
    /// signal's handler too.
    nonisolated(unsafe) private let word: UnsafeMutablePointer<Atomic<UInt32>>

    public init() {
        unsafe word = .allocate(capacity: 1)
        unsafe word.initialize(to: Atomic(0))
    }

    deinit {
        unsafe word.deinitialize(count: 1)
        unsafe word.deallocate()
    }

    /// Where the requests are, as an `atomic_uint` of C with the bits of `Reasons`; valid as long as this object.
    package var address: UnsafeMutableRawPointer { unsafe UnsafeMutableRawPointer(word) }

    /// Asks for an interruption. May be called from any thread and from a signal handler.
    public func request(_ reasons: Reasons = .prompt) {
        _ = unsafe word.pointee.bitwiseOr(reasons.rawValue, ordering: .acquiringAndReleasing)
    }

    /// What is asked for and not taken up yet.
    public var requested: Reasons { unsafe Reasons(rawValue: word.pointee.load(ordering: .acquiring)) }

    /// Whether an interruption is asked for. Attention is none.
    public var isRequested: Bool { !requested.isDisjoint(with: [.stop, .prompt]) }

    /// Forgets requests.
    public func clear(_ reasons: Reasons = [.stop, .prompt]) {
        _ = unsafe word.pointee.bitwiseAnd(~reasons.rawValue, ordering: .acquiringAndReleasing)
    }
}
