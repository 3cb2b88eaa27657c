/// Errors as a prompt shows them.
enum PromptTrace {
    /// What messages call typed text.
    static let name = "prompt"
    /// And the functions behind its names.
    static let accessorsName = "[prompt]"

    /// The error without the calls that are the prompt's own, and those that led to the prompt.
    static func trimmed(_ error: LuaError) -> LuaError {
        var error = error
        var kept: [Substring] = []
        for line in error.traceback.split(separator: "\n") {
            if line.hasPrefix("\t\(accessorsName):") { continue }
            if line.hasPrefix("\t\(name):"), line.hasSuffix(": in main chunk") { break }
            kept.append(line)
        }
        error.traceback = kept.joined(separator: "\n")
        return error
    }
}
