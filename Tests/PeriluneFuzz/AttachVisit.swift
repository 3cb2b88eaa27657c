import Glibc
import PeriluneLua
import PeriluneProcess
import PerilunePrompt
import PeriluneTrain
import Synchronization

/// A thread of visitors to a run of this process: a hostile one, then one who knows how to behave and ends the run.
final class AttachVisit: Sendable {
    private let client: HostileClient
    private let depth: NestingAttendant.Depth
    private let hasSeenEnough = Atomic<Bool>(false)
    private let hasRunEnded = Atomic<Bool>(false)
    private let hasLeft = Atomic<Bool>(false)
    private let found = Mutex<FuzzFinding?>(nil)

    init(_ client: HostileClient, _ depth: NestingAttendant.Depth) {
        self.client = client
        self.depth = depth
    }

    /// - Returns: whether there was a thread for it.
    func start(_ run: FuzzRun) -> Bool {
        DetachedThread.start { [self] in
            var client = client
            client.run { run.start($0) }
            // A fit that somebody started who is gone has nobody to end it.
            while depth.isNested { usleep(1000) }
            behave()
            run.succeeded()
            hasLeft.store(true, ordering: .releasing)
        } == 0
    }

    /// Whether no fit is needed any more.
    var isOver: Bool { hasSeenEnough.load(ordering: .acquiring) }

    var finding: FuzzFinding? { found.withLock { $0 } }

    /// Waits until everybody has left.
    func end() {
        hasRunEnded.store(true, ordering: .releasing)
        while !hasLeft.load(ordering: .acquiring) { usleep(1000) }
    }

    /// Asks something until there is an answer, and ends whatever fit there is.
    private func behave() {
        while !isOver {
            let (outcome, shown) = ask("1 + 1")
            if outcome == .done {
                if shown != "2\n" { found.withLock { $0 = FuzzFinding("1 + 1 is answered with \(shown)") } }
                hasSeenEnough.store(true, ordering: .releasing)
            } else {
                // Between two fits, or among too many visitors who are about to be noticed to be gone.
                usleep(1000)
            }
        }
        while !hasRunEnded.load(ordering: .acquiring) {
            _ = ask("stop")
            usleep(1000)
        }
    }

    private func ask(_ line: String) -> (PromptOutcome, shown: String) {
        var shown = ""
        guard let client = try? AttachClient(process: getpid(), output: { shown += $0 }) else { return (.failed, "") }
        return (client.evaluate(line), shown)
    }
}
