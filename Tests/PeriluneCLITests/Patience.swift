import Foundation
import Testing

/// How long tests wait for what must come. Only a program that hangs takes as long: a busy machine may be many times
/// slower than a quiet one, and a test that gives up sooner would measure the machine.
enum Patience {
    static let seconds = 300.0

    /// Waits until `condition` holds.
    /// - Throws: where it has not come true in time, with what `state` says then.
    static func wait(
        _ location: SourceLocation = #_sourceLocation, showing state: () -> String = { "" },
        until condition: () throws -> Bool
    ) throws {
        let deadline = Date.now + seconds
        while !(try condition()) {
            try #require(Date.now < deadline, "waited in vain: \(state())", sourceLocation: location)
            usleep(5000)
        }
    }
}
