import Glibc
import Synchronization

/// The keys of an attached person, while a run has not answered: Ctrl-C, and Enter.
final class AttachKeys {
    private static let interrupts = Atomic<Int>(0)
    private var before = sigaction()

    init() {
        var action = sigaction()
        action.__sigaction_handler.sa_handler = { number in
            // Who presses it a third time wants to leave a run that does not answer.
            if AttachKeys.interrupts.add(1, ordering: .relaxed).newValue > 2 {
                signal(number, SIG_DFL)
                raise(number)
            }
        }
        sigaction(SIGINT, &action, &before)
    }

    /// Puts back what Ctrl-C did before.
    func end() { sigaction(SIGINT, &before, nil) }

    /// Whether Ctrl-C was pressed since `forget`.
    var isInterrupted: Bool { Self.interrupts.load(ordering: .relaxed) > 0 }

    func forget() { Self.interrupts.store(0, ordering: .relaxed) }

    /// Whether there is a line on standard input; takes it.
    var isEntered: Bool {
        var request = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
        guard poll(&request, 1, 0) > 0 else { return false }
        var buffer = [UInt8](repeating: 0, count: 256)
        _ = read(STDIN_FILENO, &buffer, buffer.count)
        return true
    }
}
