public import PeriluneProcess

/// Takes part in fits for clients outside of the process, by way of `Interrupts.Reasons.attention`.
public protocol RunAttendant: AnyObject {
    /// A fit begins; `interrupts` gets its attention.
    func fitBegins(_ interrupts: Interrupts)
    /// The fit stands still because attention was asked for.
    func serve(_ interruption: Interruption) -> InterruptDecision
    /// The fit stands still at a prompt of its own; nil: it goes on.
    func fitStandsStill(at interruption: Interruption?)
    /// The innermost fit has ended, whichever way.
    func fitEnds()
}
