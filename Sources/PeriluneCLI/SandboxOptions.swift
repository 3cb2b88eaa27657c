import ArgumentParser
import Perilune
import PeriluneItems

/// How far a script is trusted, and what it may use.
struct Sandbox {
    var profile = ScriptProfile.trusted
    var limits = ScriptLimits.none
    var access = FileAccess.everything
}

/// The options of `perilune run` that bound what a script can do.
struct SandboxOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            """
            trusted: the whole standard library (the default). strict: an allow-list of functions, no files but those \
            granted, and limits.
            """, valueName: "profile"),
        transform: profile(named:))
    var profile: ScriptProfile?

    @Option(
        help: ArgumentHelp(
            "The longest that an event, or the script's own statements, may take. 5 in the strict profile.",
            valueName: "seconds"))
    var timeLimit: Double?

    @Option(
        help: ArgumentHelp(
            "The longest that the script may take altogether, trainings included, time at a prompt not.",
            valueName: "seconds"))
    var totalTimeLimit: Double?

    @Option(
        help: ArgumentHelp(
            "The most memory that Lua and the script's tensors may take. 256 in the strict profile.", valueName: "mib"))
    var memoryLimit: Double?

    @Option(
        help: ArgumentHelp(
            "A folder whose files the functions of perilune may read, in the strict profile. May be repeated.",
            valueName: "dir"))
    var allowRead: [String] = []

    @Option(
        help: ArgumentHelp(
            "A folder in which they may write and read, in the strict profile. May be repeated.", valueName: "dir"))
    var allowWrite: [String] = []

    /// A year; and a tebibyte.
    private static let (longest, largest) = (31_536_000.0, 1_048_576.0)

    func validate() throws {
        if let timeLimit, !(timeLimit > 0 && timeLimit <= Self.longest) {
            throw ValidationError("--time-limit is a number of seconds above 0, got \(timeLimit).")
        }
        if let totalTimeLimit, !(totalTimeLimit > 0 && totalTimeLimit <= Self.longest) {
            throw ValidationError("--total-time-limit is a number of seconds above 0, got \(totalTimeLimit).")
        }
        if let memoryLimit, !(memoryLimit >= 1 && memoryLimit <= Self.largest) {
            throw ValidationError("--memory-limit is a number of MiB of 1 or more, got \(memoryLimit).")
        }
        for folder in allowRead + allowWrite where !FileAccess.isFolder(folder) {
            throw ValidationError("'\(folder)' is no folder.")
        }
    }

    /// Looks for options that bind nothing.
    /// - Parameter bindsCallbacks: whether there are files of callbacks in the strict profile.
    func check(bindsCallbacks: Bool) throws {
        guard profile != .strict, !bindsCallbacks, !allowRead.isEmpty || !allowWrite.isEmpty else { return }
        throw ValidationError(
            "--allow-read and --allow-write go with --profile strict, or with --callbacks: a trusted script may use "
                + "all files.")
    }

    /// What the options say of the script.
    var sandbox: Sandbox { sandbox(for: profile ?? .trusted) }

    /// What the options say of a script of that profile; what they leave open is as usual in it.
    func sandbox(for profile: ScriptProfile) -> Sandbox {
        var limits = ScriptLimits.standard(for: profile)
        if let timeLimit { limits.time = .seconds(timeLimit) }
        if let totalTimeLimit { limits.totalTime = .seconds(totalTimeLimit) }
        if let memoryLimit { limits.memory = Int(memoryLimit * 1_048_576) }
        let access = FileAccess(readable: allowRead + allowWrite, writable: allowWrite)
        return Sandbox(profile: profile, limits: limits, access: profile == .strict ? access : .everything)
    }
}

private func profile(named name: String) throws -> ScriptProfile {
    if let profile = ScriptProfile(rawValue: name) { return profile }
    let names = ScriptProfile.allCases.map(\.rawValue)
    throw ValidationError("is one of \(names.joined(separator: ", "))\(NearestName.hint(name, among: names)).")
}
