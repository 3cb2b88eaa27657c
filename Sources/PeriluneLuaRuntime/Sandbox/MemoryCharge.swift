/// Bytes that count against a script's limit as long as this lives.
package final class MemoryCharge {
    private var byteCount: Int
    private let budget: ScriptBudget

    init(_ byteCount: Int, _ budget: ScriptBudget) throws(MemoryFault) {
        try budget.spend(byteCount)
        self.byteCount = byteCount
        self.budget = budget
    }

    deinit { budget.giveBack(byteCount) }

    /// Counts so many more.
    package func grow(by more: Int) throws(MemoryFault) {
        try budget.spend(more)
        byteCount += more
    }
}

/// A script may not have so much memory.
package struct MemoryFault: Error, CustomStringConvertible {
    package let description: String

    init(_ description: String) { self.description = description }
}
