import PeriluneGraph

/// The memory of one batch: a block for each input, target and the weights, allocated once and filled again and again.
///
/// Sendable though mutable: `PreparationRing` hands a buffer to one side at a time.
final class BatchBuffer: @unchecked Sendable {
    /// Rows of cache lines, as vector loads like them.
    private static let alignment = 64

    private(set) var blocks: [UnsafeMutableRawPointer] = []
    private var capacities: [Int] = []

    /// - Parameters:
    ///   - slots: what each block holds per example.
    ///   - examples: how many examples fit in.
    init(slots: [TensorSpec], examples: Int) {
        for slot in slots {
            let capacity = max(slot.byteCount * examples, 1)
            blocks.append(.allocate(byteCount: capacity, alignment: Self.alignment))
            capacities.append(capacity)
        }
    }

    deinit {
        for block in blocks { block.deallocate() }
    }

    /// Makes room for `byteCount` bytes in a block and keeps what is in it; only generators need it, whose batches may
    /// grow.
    func reserve(_ byteCount: Int, slot: Int) {
        guard byteCount > capacities[slot] else { return }
        let capacity = max(byteCount, capacities[slot] * 2)
        let grown = UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: Self.alignment)
        grown.copyMemory(from: blocks[slot], byteCount: capacities[slot])
        blocks[slot].deallocate()
        blocks[slot] = grown
        capacities[slot] = capacity
    }
}
