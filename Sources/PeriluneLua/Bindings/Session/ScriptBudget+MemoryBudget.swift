package import PeriluneLuaRuntime
package import PeriluneRuntime

/// The memory of a script's models and programs counts against the script's limit.
extension ScriptBudget: MemoryBudget {
    package func take(_ byteCount: Int) throws(RuntimeError) {
        do { try spend(byteCount) } catch { throw RuntimeError(.outOfMemory, error.description) }
    }
}
