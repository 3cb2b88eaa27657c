import Glibc

/// Lets Ctrl-C break off a system call and do nothing else, unless it is handled already.
struct IgnoredInterrupts {
    private var before: sigaction?

    init() {
        var known = sigaction()
        sigaction(SIGINT, nil, &known)
        // The default, SIG_DFL, is no function.
        guard unsafeBitCast(known.__sigaction_handler.sa_handler, to: Int.self) == 0 else { return }
        var action = sigaction()
        action.__sigaction_handler.sa_handler = { _ in }
        sigaction(SIGINT, &action, nil)
        before = known
    }

    /// Puts back what was there before.
    func end() {
        guard var before else { return }
        sigaction(SIGINT, &before, nil)
    }
}
