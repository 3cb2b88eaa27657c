internal import PeriluneRuntime

/// Bytes that count against a script's limit as long as this lives.
final class MemoryCharge {
    private var byteCount: Int
    private let budget: ScriptBudget

    init(_ byteCount: Int, _ budget: ScriptBudget) throws(RuntimeError) {
        try budget.take(byteCount)
        self.byteCount = byteCount
        self.budget = budget
    }

    deinit { budget.giveBack(byteCount) }

    /// Counts so many more.
    func grow(by more: Int) throws(RuntimeError) {
        try budget.take(more)
        byteCount += more
    }
}

/// An object that counts against a script's limit once the script holds it.
protocol MemoryHolder: AnyObject {
    /// Called whenever it is handed to a script.
    func chargeMemory(to budget: ScriptBudget) throws
}
