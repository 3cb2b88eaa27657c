/// Names a parameter, optimizer slot or other state within one variable table.
public struct VariableID: Hashable, Sendable, Comparable {
    public let index: Int

    public init(index: Int) { self.index = index }

    public static func < (a: VariableID, b: VariableID) -> Bool { a.index < b.index }
}

/// Names a run-time scalar of a program, by position.
public struct HyperparameterID: Hashable, Sendable {
    public let index: Int

    public init(index: Int) { self.index = index }
}
