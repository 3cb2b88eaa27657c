internal import PeriluneLuaRuntime
internal import PeriluneTrain

/// What is wrong with a callback, or with what one did.
struct CallbackFault: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }

    /// The error of a run as the script that started it should see it: with the place in the script that caused it, and
    /// with callback, event, epoch and batch.
    static func located(_ error: TrainingError, _ callbacks: [any Callback]) -> any Error {
        let later = error.suppressed.map { "\n(afterwards: \($0))" }.joined()
        let text = error.description + later
        if var inner = error.underlying as? LuaError {
            inner.message = text
            return inner
        }
        guard let name = error.place.callback, let event = error.place.event,
            let place = callbacks.lazy.compactMap({ $0.place(name, event) }).first
        else { return error }
        return LuaError(.host, place.prefix + text, script: place.script, line: place.line, underlying: error)
    }
}

extension LuaError {
    /// Whether it is no fault of the script: it was interrupted, or an evaluation that it made.
    var isInterruption: Bool {
        kind == .interrupted || (underlying as? TrainingError)?.code == .interrupted
    }
}
