import Glibc
import PeriluneGraph

/// Copies the rows of a batch from the store into its buffer. One thread uses a gatherer at a time.
struct RowGatherer {
    let plan: BatchPlan
    private let rows: RowSelection
    private let sources: [Tensor]
    private let rowBytes: [Int]
    /// The stored rows in the order of the pass `orderedPass`; unused where rows are taken in sequence.
    private var order: [Int32]
    private var orderedPass = 0

    init(plan: BatchPlan, store: ExampleStore, rows: RowSelection, layout: DataLayout) {
        self.plan = plan
        self.rows = rows
        sources = store.slots
        rowBytes = layout.slots.map(\.byteCount)
        if case .range = rows, !plan.isShuffled {
            order = []
        } else {
            order = rows.rows
        }
    }

    /// Fills `buffer` with the batch at `position`, without allocating; returns its number of examples.
    mutating func fill(_ buffer: BatchBuffer, at position: BatchPlan.Position) -> Int {
        let (pass, positions) = plan.examples(at: position)
        if plan.isShuffled, pass != orderedPass { shuffle(pass) }
        // By index: iterators allocate where nothing is optimized.
        for slot in sources.indices {
            let (target, width) = (buffer.blocks[slot], rowBytes[slot])
            sources[slot].withUnsafeElementBytes { bytes in
                // A store without elements cannot be made, so there is an address.
                guard let base = bytes.baseAddress else { return }
                if order.isEmpty {
                    let start = base + rows[positions.lowerBound] * width
                    target.copyMemory(from: start, byteCount: positions.count * width)
                } else {
                    order.withUnsafeBufferPointer { Self.gather($0, positions, base, width, into: target) }
                }
            }
        }
        return positions.count
    }

    private static func gather(
        _ rows: UnsafeBufferPointer<Int32>, _ positions: Range<Int>, _ base: UnsafeRawPointer, _ width: Int,
        into target: UnsafeMutableRawPointer
    ) {
        let first = positions.lowerBound
        // Labels and weights are one word a row, for which a call each would cost more than the copy.
        if width == MemoryLayout<UInt32>.size {
            let words = base.assumingMemoryBound(to: UInt32.self)
            let result = target.assumingMemoryBound(to: UInt32.self)
            for position in positions { result[position - first] = words[Int(rows[position])] }
        } else {
            for position in positions {
                memcpy(target + (position - first) * width, base + Int(rows[position]) * width, width)
            }
        }
    }

    /// The order of a pass follows from seed and pass alone, so it always starts from the view's own order.
    private mutating func shuffle(_ pass: Int) {
        for position in order.indices { order[position] = Int32(truncatingIfNeeded: rows[position]) }
        order.permute(by: PhiloxStream(seed: plan.seed, use: "shuffle", index: pass))
        orderedPass = pass
    }
}
