/// What the objects of a class count against a script's limit once the script holds them.
package struct HeldMemory: Sendable {
    /// Called whenever an object is handed to a script.
    let charge: @Sendable (AnyObject, ScriptBudget) throws -> Void

    /// - Parameter charge: counts what an object holds, the first time that it is asked.
    package init<Object: AnyObject>(
        of type: Object.Type, _ charge: @escaping @Sendable (Object, ScriptBudget) throws -> Void
    ) {
        self.charge = { object, budget in
            guard let object = object as? Object else { return }
            try charge(object, budget)
        }
    }
}
