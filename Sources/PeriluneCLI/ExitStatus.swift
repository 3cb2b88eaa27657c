/// How the program ends; thrown by commands that have said themselves what is wrong.
enum ExitStatus: Int32, Error {
    case success = 0
    /// An error in the script.
    case failure = 1
    /// The program was called wrongly.
    case usage = 2
    /// Ctrl-C: 128 and the number of SIGINT.
    case interrupted = 130
    /// `kill`: 128 and the number of SIGTERM.
    case terminated = 143
}
