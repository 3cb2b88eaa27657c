/// What the memory of weights and programs is counted against: the limit of a script, say.
///
/// Stays on the thread of the store that it is given to.
public protocol MemoryBudget: AnyObject {
    /// Counts bytes that are about to be allocated.
    /// - Throws: `RuntimeError` where they do not fit; nothing is counted then.
    func take(_ byteCount: Int) throws(RuntimeError)

    /// Counts them as free again.
    func giveBack(_ byteCount: Int)
}
