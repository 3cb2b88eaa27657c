import CZlib
import PeriluneGraph

extension Dataset {
    /// Rows that are looked at to tell one data set from another.
    private static let sampledRows = 64

    /// Size, layout, and a checksum of some rows, in words: two data sets that differ most likely differ here.
    package var signature: String {
        let fields = (layout.map { $0.inputs + $0.targets } ?? []).map { "\($0.name) \($0.spec)" }
        let weights = layout?.hasSampleWeights == true ? ["sample weights"] : []
        let parts = (fields + weights).joined(separator: ", ")
        switch origin {
        case .generator: return "a generator" + (parts.isEmpty ? "" : " of " + parts)
        case .memory(let store, let rows):
            return "\(rows.count) examples of \(parts), checksum \(String(Self.checksum(store, rows), radix: 16))"
        }
    }

    private static func checksum(_ store: ExampleStore, _ rows: RowSelection) -> UInt32 {
        guard rows.count > 0 else { return 0 }
        let sampled = min(sampledRows, rows.count)
        var sum = crc32(0, nil, 0)
        for tensor in store.slots {
            let width = tensor.spec.byteCount / max(1, store.count)
            tensor.withUnsafeElementBytes { bytes in
                for sample in 0..<sampled {
                    // Evenly over the rows, the first and the last among them.
                    let row = rows[sampled == 1 ? 0 : sample * (rows.count - 1) / (sampled - 1)]
                    let part = UnsafeRawBufferPointer(rebasing: bytes[row * width..<(row + 1) * width])
                    sum = crc32(sum, part.bindMemory(to: Bytef.self).baseAddress, uInt(part.count))
                }
            }
        }
        return UInt32(sum)
    }
}
