internal import PeriluneItems

/// `:time EXPR`
enum TimeCommand {
    static var command: PromptCommand {
        PromptCommand(":time", parameters: "LUA", help: "run it and tell how long that took") {
            rest, prompt in
            guard !rest.isEmpty else { throw PromptFault(":time needs something to run: :time model:predict(x);") }
            let clock = ContinuousClock()
            let start = clock.now
            let outcome = try prompt.run(rest)
            let seconds = clock.now - start
            if outcome == .done { prompt.output(prompt.style.colored("took \(text(seconds))", .note) + "\n") }
            return outcome
        }
    }

    /// `12.3 ms`, three digits that say something.
    static func text(_ duration: Duration) -> String {
        let (seconds, attoseconds) = duration.components
        let nanoseconds = Double(seconds) * 1e9 + Double(attoseconds) * 1e-9
        switch nanoseconds {
        case ..<1e3: return "\(ShortNumber.text(nanoseconds)) ns"
        case ..<1e6: return "\(ShortNumber.text(nanoseconds / 1e3)) µs"
        case ..<1e9: return "\(ShortNumber.text(nanoseconds / 1e6)) ms"
        default: return "\(ShortNumber.text(nanoseconds / 1e9)) s"
        }
    }
}
