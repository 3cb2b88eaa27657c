import Synchronization

/// A wish from outside (Ctrl-C, a signal, another thread) to interrupt a run at the next batch boundary.
public final class Interrupts: Sendable {
    private let requested = Atomic<Bool>(false)

    public init() {}

    /// Asks for an interruption. May be called from any thread and from a signal handler.
    public func request() { requested.store(true, ordering: .releasing) }

    /// Whether an interruption is asked for.
    public var isRequested: Bool { requested.load(ordering: .acquiring) }

    /// Forgets a request.
    public func clear() { requested.store(false, ordering: .releasing) }

    /// Whether an interruption was asked for; forgets it.
    func take() -> Bool { isRequested && requested.exchange(false, ordering: .acquiringAndReleasing) }
}

/// What to do about an interruption.
public enum InterruptDecision: Hashable, Sendable {
    /// Go on as if nothing happened.
    case resume
    /// End the run in order, as interrupted.
    case stop
}
