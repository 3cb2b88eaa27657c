import PeriluneGraph
import PeriluneRuntime

/// Memory in which a run's variables are copied again and again, for checkpoints that are written while it goes on: the
/// first touch of fresh memory costs several times as much as the copy.
///
/// Holds two copies at most, one that is being written and one that waits for that, and keeps them until the run ends.
/// Where both are in use a copy is made in memory of its own.
package final class CopyMemory {
    /// Held by whatever uses a copy; it can be made anew when nothing does.
    final class Lease: Sendable {}

    private struct Copy {
        var lease = Lease()
        var elements: [VariableID: [Float]] = [:]
    }

    private static let most = 2
    private var copies: [Copy] = []
    private var current: Int?

    /// Begins a copy. Nil where it is made in memory of its own.
    func begin() -> Lease? {
        current = copies.indices.first { isKnownUniquelyReferenced(&copies[$0].lease) }
        if current == nil, copies.count < Self.most {
            copies.append(Copy())
            current = copies.count - 1
        }
        return current.map { copies[$0].lease }
    }

    /// A copy of a variable.
    func read(_ id: VariableID, of store: VariableStore) -> Tensor {
        guard let current, store.spec(of: id).dtype == .float32 else { return store.read(id) }
        return store.read(id, into: &copies[current].elements[id, default: []])
    }
}
