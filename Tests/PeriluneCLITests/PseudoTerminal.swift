import Foundation
import PeriluneTestSupport
import Testing

/// A program that runs at a terminal of its own, with the keys that somebody presses there.
final class PseudoTerminal {
    static let controlC = "\u{3}"
    static let controlD = "\u{4}"

    private let master: Int32
    private var received = Data()
    /// How much of what was received has been looked at by `expect`.
    private var position = 0
    let process: pid_t
    private var status: Int32?
    /// Where the program keeps its files, which goes with the terminal.
    var home: TemporaryFolder?

    /// Starts a program of the build.
    /// - Parameter environment: what differs from the environment of the tests. The terminal is a dumb one without
    ///   colors unless `TERM` and `NO_COLOR` say otherwise, so that what it shows is plain text wherever tests run.
    init(_ program: String = "perilune", _ arguments: [String], environment: [String: String] = [:]) throws {
        var size = winsize(ws_row: 24, ws_col: 200, ws_xpixel: 0, ws_ypixel: 0)
        var (opened, slave) = (Int32(-1), Int32(-1))
        var name = [CChar](repeating: 0, count: 256)
        let isOpen = openpty(&opened, &slave, &name, nil, &size) == 0
        master = opened
        try #require(isOpen, "there is no terminal to be had")
        defer { close(slave) }
        for file in [master, slave] { _ = fcntl(file, F_SETFD, FD_CLOEXEC) }
        let terminal = name.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
        // The first terminal that a new session opens is the one whose Ctrl-C reaches it.
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, terminal, O_RDWR, 0)
        posix_spawn_file_actions_adddup2(&actions, 0, 1)
        posix_spawn_file_actions_adddup2(&actions, 0, 2)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var (none, all) = (sigset_t(), sigset_t())
        sigemptyset(&none)
        sigfillset(&all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        let setSession: Int16 = 0x80  // POSIX_SPAWN_SETSID, which is not imported
        posix_spawnattr_setflags(
            &attributes, setSession | Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
        var variables = ProcessInfo.processInfo.environment
        variables["TERM"] = "dumb"
        variables["NO_COLOR"] = "1"
        variables.merge(environment) { $1 }
        let path = ProgramRun.directory.appendingPathComponent(program).path
        let words = ([path] + arguments).map { strdup($0) } + [nil]
        let settings = variables.map { strdup("\($0)=\($1)") } + [nil]
        defer { (words + settings).forEach { free($0) } }
        var started: pid_t = 0
        let failure = posix_spawn(&started, path, &actions, &attributes, words, settings)
        process = started
        try #require(failure == 0, "cannot start \(path)")
        _ = fcntl(master, F_SETFL, O_NONBLOCK)
    }

    deinit {
        if status == nil {
            kill(process, SIGKILL)
            waitpid(process, nil, 0)
        }
        close(master)
    }

    /// All that the terminal was told to show, with line ends as they are in files.
    var output: String { String(decoding: received, as: UTF8.self).replacing("\r\n", with: "\n") }

    /// Presses keys.
    func type(_ keys: String) {
        var rest = Array(keys.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(master, $0.baseAddress, $0.count) }
            if count > 0 { rest = rest.dropFirst(count) } else { usleep(1000) }
        }
    }

    /// Sends what Ctrl-C sends, and returns once it has arrived: a terminal passes keys on in its own time, and of two
    /// signals that wait the program would see one.
    func interrupt() {
        kill(process, SIGINT)
        let isPending = { [process] in
            let status = (try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)) ?? ""
            return status.split(separator: "\n").contains { line in
                guard line.hasPrefix("ShdPnd:"), let signals = UInt64(line.suffix(16), radix: 16) else { return false }
                return signals >> UInt64(SIGINT - 1) & 1 == 1
            }
        }
        while isPending() { usleep(1000) }
    }

    /// Types a line and presses Enter.
    func enter(_ line: String) { type(line + "\n") }

    /// Waits until the terminal shows `text`, after what was waited for before.
    /// - Returns: what it showed up to there.
    @discardableResult
    func expect(
        _ text: String, within seconds: Double = Patience.seconds, _ location: SourceLocation = #_sourceLocation
    ) throws
        -> String
    {
        let wanted = Data(text.replacing("\n", with: "\r\n").utf8)
        let deadline = Date.now + seconds
        while true {
            if let found = received[position...].range(of: wanted) {
                defer { position = found.upperBound }
                return String(decoding: received[position..<found.upperBound], as: UTF8.self)
                    .replacing("\r\n", with: "\n")
            }
            let isOpen = receive()
            try #require(
                isOpen || received[position...].range(of: wanted) != nil,
                "the program ended without '\(text)': \(output)", sourceLocation: location)
            try #require(Date.now < deadline, "no '\(text)' in time: \(output)", sourceLocation: location)
        }
    }

    /// Waits for the end of the program.
    /// - Returns: its exit status, or the number of the signal that ended it, negative.
    func end(within seconds: Double = Patience.seconds, _ location: SourceLocation = #_sourceLocation) throws -> Int32 {
        let deadline = Date.now + seconds
        var code: Int32 = 0
        while waitpid(process, &code, WNOHANG) == 0 {
            _ = receive()
            try #require(Date.now < deadline, "the program does not end: \(output)", sourceLocation: location)
        }
        while receive() {}
        let ended = code & 0x7f == 0 ? (code >> 8) & 0xff : -(code & 0x7f)
        status = ended
        return ended
    }

    /// Whether the program has not ended yet.
    var isRunning: Bool {
        var information = siginfo_t()
        return waitid(P_PID, id_t(process), &information, WEXITED | WNOHANG | WNOWAIT) == 0 && information.si_signo == 0
    }

    /// Takes what has arrived, or waits a little.
    /// - Returns: whether the terminal is still open.
    private func receive() -> Bool {
        var request = pollfd(fd: master, events: Int16(POLLIN), revents: 0)
        guard poll(&request, 1, 20) > 0 else { return status == nil }
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        let count = read(master, &buffer, buffer.count)
        guard count > 0 else { return false }
        received += buffer.prefix(count)
        return true
    }
}
