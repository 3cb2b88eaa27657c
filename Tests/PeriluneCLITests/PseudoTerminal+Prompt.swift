import Foundation
import PeriluneTestSupport
import Testing

extension PseudoTerminal {
    /// Perilune at a prompt, at a terminal that knows more than plain text, with a home of its own.
    /// - Parameters:
    ///   - home: where settings and history are; a new folder where there is none.
    ///   - environment: what differs from a terminal without colors in a language without translations.
    /// - Returns: once it waits for a line.
    static func prompt(
        _ arguments: [String] = ["repl"], home: TemporaryFolder? = nil, environment: [String: String] = [:]
    ) throws -> PseudoTerminal {
        let home = try home ?? TemporaryFolder()
        let surroundings = [
            "XDG_STATE_HOME": home.url.path, "XDG_CONFIG_HOME": home.url.path, "HOME": home.url.path,
            "TERM": "vt100", "LC_ALL": "", "LC_CTYPE": "", "LANG": "C.UTF-8", "NO_COLOR": "1",
        ]
        let terminal = try PseudoTerminal("perilune", arguments, environment: surroundings.merging(environment) { $1 })
        terminal.home = home
        try terminal.expect("> ")
        return terminal
    }
}
