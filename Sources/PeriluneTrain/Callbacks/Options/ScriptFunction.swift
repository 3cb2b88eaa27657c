import PeriluneItems

/// A function of a script that is given as an option, called in the ways in which callbacks call theirs.
package protocol ScriptFunction {
    /// What a schedule gives.
    /// - Parameters:
    ///   - index: the epoch or step, from 1.
    ///   - value: what is scheduled, as it is now; nil where it is off.
    func number(for index: Int, _ value: Double?) throws -> Double

    /// What a function of the model and the run wants.
    func directive(at context: EventContext) throws -> Directive?
}

extension OptionForm {
    /// A function: one of a program, or one of a script, of which `adapt` makes such a one. None is part of a
    /// description.
    static func function(_ adapt: @escaping @Sendable (any ScriptFunction) -> Value) -> Self {
        Self(.function, write: { _ in nil }) { input in
            guard case .made(let given) = input else { return nil }
            return (given as? any ScriptFunction).map(adapt) ?? given as? Value
        }
    }
}
