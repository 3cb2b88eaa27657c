/// One script in the strict profile, in a process of its own that is killed if it hangs.
struct StrictRun {
    /// Seconds that the script may take, and MiB.
    static let (timeLimit, memoryLimit) = (0.5, 64)

    let run: ProgramRun

    init(_ script: String, options: [String] = []) throws {
        let limits = ["--time-limit", "\(Self.timeLimit)", "--memory-limit", "\(Self.memoryLimit)"]
        // Far more than a second after the limit, because machines that run tests are busy; a hang lasts for ever.
        run = try ProgramRun.of(
            "perilune", ["run", "--profile", "strict"] + limits + options + ["-e", script], limit: 30)
    }

    static let timeLimitMessage = "the time limit of 0.5 s is over"
    static let memoryLimitMessage = "not enough memory: the limit is 64 MiB"
}
