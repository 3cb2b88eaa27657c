public import PeriluneProcess

/// Takes part in fits for clients outside of the process, by way of `Interrupts.Reasons.attention`.
public protocol RunAttendant: AnyObject {
    /// A fit begins. Where a client has a question, `interrupts.request(.attention)` makes the fit call `serve` at its
    /// next boundary.
    func fitBegins(_ interrupts: Interrupts)
    /// The fit stands still because attention was asked for, or because the steps that the answer before allowed are
    /// done.
    /// - Returns: what the fit is to do next.
    func serve(_ interruption: Interruption) -> InterruptDecision
    /// The fit stands still to ask `FitOptions.onInterrupt`, and not the attendant; nil says that it goes on again.
    func fitStandsStill(at interruption: Interruption?)
    /// The innermost fit has ended, whichever way.
    func fitEnds()
}
