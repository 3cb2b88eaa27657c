import Glibc
import Synchronization

/// What happens when what the program prints is not read any more. As a rule that ends it at once, as it should:
/// `head` has seen enough. Ctrl-C, though, ends `tee` along with its pipeline; a run that is to end in order has to
/// write its last checkpoint, whether or not its last lines are read.
enum BrokenPipes {
    private static let areSurvived = Atomic<Bool>(false)

    /// From now on writing to a pipe without a reader fails, and no more than that. Safe in a signal handler.
    static func survive() {
        var known = sigaction()
        sigaction(SIGPIPE, nil, &known)
        // The default, SIG_DFL, is no function.
        guard unsafeBitCast(known.__sigaction_handler.sa_handler, to: Int.self) == 0 else { return }
        signal(SIGPIPE, SIG_IGN)
        areSurvived.store(true, ordering: .releasing)
    }

    /// Lets it end the program again.
    static func end() {
        if areSurvived.exchange(false, ordering: .acquiringAndReleasing) { signal(SIGPIPE, SIG_DFL) }
    }
}
