internal import PeriluneTrain

/// `lune.any { a, b }` and `lune.all { a, b }`
enum CombinedStoppingBinding {
    static let any = make(
        .any, "Stops when one of several callbacks wants to: lune.any { a, b }. What else they want is done as usual.")
    static let all = make(
        .all,
        """
        Stops when all of several callbacks have wanted to: lune.all { a, b }. A wish holds from when it was made to the
        end of the run. What else the callbacks want is done as usual.
        """)

    private static func make(_ rule: CombinedStopping.Rule, _ help: String) -> Binding {
        CallbackBindings.make(
            rule.rawValue, [.required("callbacks", .callbacks, "a list of callbacks, of any kind but savers")],
            help: help
        ) { try CombinedStopping(rule, $0.callbacks()) }
    }
}

extension CombinedStopping: ScriptedCallback {
    func place(_ name: String, _ event: Event) -> FunctionPlace? {
        callbacks.lazy.compactMap { ($0 as? any ScriptedCallback)?.place(name, event) }.first
    }
}
