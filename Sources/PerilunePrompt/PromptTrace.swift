internal import PeriluneLuaRuntime

/// Errors as a prompt shows them.
enum PromptTrace {
    /// What messages call typed text.
    static let name = "prompt"
    /// And the functions behind its names, and the one that runs it.
    static let accessorsName = "[names]"
    static let runnerName = "[prompt]"

    /// The error without the calls that are the prompt's own, and those that led to the prompt.
    static func trimmed(_ error: LuaError) -> LuaError {
        var error = error
        var kept: [Substring] = []
        for line in error.traceback.split(separator: "\n") {
            if line.hasPrefix("\t\(accessorsName):") { continue }
            if line.hasPrefix("\t\(runnerName):") { break }
            kept.append(line)
        }
        if kept.last?.hasPrefix("\t\(name):") == true, kept.last?.hasSuffix(": in main chunk") == true {
            kept.removeLast()
        }
        error.traceback = kept.joined(separator: "\n")
        return error
    }
}
