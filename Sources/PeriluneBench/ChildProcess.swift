import Glibc

/// A process that ran, and what it took.
struct ChildProcess {
    var seconds: Double
    var peakMegabytes: Double

    struct Failure: Error, CustomStringConvertible {
        var description: String
    }

    /// Runs a program to its end with its output thrown away. It finds the input, at most a few lines, in a pipe.
    static func run(_ program: String, _ arguments: [String], input: String = "") throws -> ChildProcess {
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else {
            throw Failure(description: "no pipe: \(String(cString: strerror(errno)))")
        }
        defer { close(ends[0]) }
        // A pipe holds that much before it is read.
        precondition(input.utf8.count <= 4096)
        var input = input
        input.withUTF8 { bytes in _ = write(ends[1], bytes.baseAddress, bytes.count) }
        close(ends[1])
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, ends[0], STDIN_FILENO)
        posix_spawn_file_actions_addclose(&actions, ends[0])
        posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0)

        var words = ([program] + arguments).map { strdup($0) } + [nil]
        defer { for word in words { free(word) } }
        var child = pid_t()
        let start = ContinuousClock.now
        let error = posix_spawn(&child, program, &actions, nil, &words, environ)
        guard error == 0 else {
            throw Failure(description: "cannot run \(program): \(String(cString: strerror(error)))")
        }
        var status: Int32 = 0
        var usage = rusage()
        while wait4(child, &status, 0, &usage) == -1, errno == EINTR {}
        let seconds = (ContinuousClock.now - start).inSeconds
        guard status == 0 else { throw Failure(description: "\(program) failed (wait status \(status))") }
        return ChildProcess(seconds: seconds, peakMegabytes: Double(usage.ru_maxrss) / 1024)
    }
}
