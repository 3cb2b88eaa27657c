import PeriluneLua
import PeriluneProcess
import PerilunePrompt
import PeriluneTrain
import Synchronization

/// Knows how many fits are in progress, one within the other, and leaves the rest to a server.
final class NestingAttendant: RunAttendant {
    /// A number that another thread may look at.
    final class Depth: Sendable {
        fileprivate let count = Atomic<Int>(0)
        /// Whether a fit has started another.
        var isNested: Bool { count.load(ordering: .acquiring) > 1 }
    }

    let depth = Depth()
    private let server: AttachServer

    init(_ server: AttachServer) { self.server = server }

    func fitBegins(_ interrupts: Interrupts) {
        depth.count.add(1, ordering: .acquiringAndReleasing)
        server.fitBegins(interrupts)
    }

    func serve(_ interruption: Interruption) -> InterruptDecision { server.serve(interruption) }

    func fitStandsStill(at interruption: Interruption?) { server.fitStandsStill(at: interruption) }

    func fitEnds() {
        server.fitEnds()
        depth.count.subtract(1, ordering: .acquiringAndReleasing)
    }
}
