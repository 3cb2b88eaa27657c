import Glibc

/// Another process that never stops computing: this program again, told to do nothing else.
struct BusyNeighbour {
    /// Where it runs.
    enum Place: String, CaseIterable {
        case none
        /// On any processor.
        case free
        /// On the last processor of the machine, and no other.
        case pinned
    }

    /// What this program is called with to be the neighbour.
    static let argument = "--be-a-busy-neighbour"

    private let process: pid_t?

    /// Starts one, unless there is to be none.
    init(_ place: Place) throws {
        guard place != .none else {
            process = nil
            return
        }
        var command = [BenchSettings.neighbour("perilune-bench"), Self.argument]
        if place == .pinned { command = ["taskset", "-c", "\(sysconf(Int32(_SC_NPROCESSORS_ONLN)) - 1)"] + command }
        var words = command.map { strdup($0) as UnsafeMutablePointer<CChar>? } + [nil]
        defer { for word in words { free(word) } }
        var child = pid_t()
        let error = posix_spawnp(&child, command[0], nil, nil, &words, environ)
        guard error == 0 else {
            let reason = String(cString: strerror(error))
            throw ChildProcess.Failure(description: "cannot start a neighbour with \(command[0]): \(reason)")
        }
        process = child
    }

    func end() {
        guard let process else { return }
        kill(process, SIGKILL)
        var status: Int32 = 0
        while waitpid(process, &status, 0) == -1, errno == EINTR {}
    }

    /// Is the neighbour, until its parent is gone.
    static func run() {
        let parent = getppid()
        var number = 1.0
        while getppid() == parent {
            for _ in 0..<1_000_000 { number = number * 1.000_001 + 1e-9 }
            // Used, so that it is computed.
            if number < 0 { print(number) }
            if number > 1e6 { number = 1 }
        }
    }
}
