import Glibc
import PeriluneLua
import PeriluneLuaRuntime
import Synchronization

/// A kind of fuzzing.
protocol Fuzzer {
    /// Runs some cases that follow from the seed alone.
    func round(_ seed: UInt64, cases: Int, _ run: FuzzRun) throws
}

/// What happened so far. Each case is written to a file before it is tried, so that a crash leaves behind what caused
/// it.
final class FuzzRun: Sendable {
    let watchdog = Watchdog(patience: .milliseconds(300), limit: .seconds(60))
    private let counts = Mutex((cases: 0, passed: 0))
    private let journal: Int32
    private let isVerbose: Bool

    init(journal path: String, isVerbose: Bool) {
        journal = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
        self.isVerbose = isVerbose
    }

    var cases: Int { counts.withLock { $0.cases } }
    var passed: Int { counts.withLock { $0.passed } }

    /// A new round: the journal begins anew.
    func begin(seed: UInt64) {
        ftruncate(journal, 0)
        lseek(journal, 0, SEEK_SET)
        note("seed \(seed)\n")
    }

    /// Runs a script as a case of its own, which may end in an error. `subject` says what else belongs to the case.
    func tryOut(_ script: String, of subject: String? = nil, in state: LuaState) {
        start(subject.map { "\($0): \(script)" } ?? script)
        watchdog.watch(script, in: state) {
            do {
                try state.load(text: script, name: "fuzz").run()
                succeeded()
            } catch {
                failed(error)
            }
        }
    }

    func start(_ text: String) {
        counts.withLock { $0.cases += 1 }
        note(text + "\n")
    }

    func succeeded() {
        counts.withLock { $0.passed += 1 }
        if isVerbose { note("-- ok\n") }
    }

    func failed(_ error: any Error) {
        if isVerbose { note("-- \(error)\n") }
    }

    private func note(_ text: String) {
        var text = text
        text.withUTF8 { _ = write(journal, $0.baseAddress, $0.count) }
    }
}
