internal import PeriluneGraph

/// Random words for one use of one seed: `PhiloxStream(seed: 42, use: "shuffle", index: epoch)`.
///
/// Streams of different uses or indices are independent of each other and of the order in which they are read.
public struct PhiloxStream: RandomNumberGenerator, Sendable {
    private let philox: Philox
    private var nextBlock: UInt64 = 0
    private var words = SIMD4<UInt32>()
    private var used = 4

    /// - Parameters:
    ///   - seed: the run's seed.
    ///   - use: what the numbers are for; any text.
    ///   - index: which of that use: an epoch, a step. Taken modulo 2^32.
    public init(seed: UInt64, use: StaticString, index: Int = 0) {
        // The lower word of the stream says which index, the upper one which use (FNV-1a of its name).
        let tag = use.withUTF8Buffer { $0.reduce(0x811C_9DC5 as UInt32) { ($0 ^ UInt32($1)) &* 0x0100_0193 } }
        philox = Philox(seed: seed, stream: UInt64(tag) << 32 | UInt64(UInt32(truncatingIfNeeded: index)))
    }

    public mutating func nextWord() -> UInt32 {
        if used == 4 {
            let block = philox.block(nextBlock)
            words = SIMD4(block.0, block.1, block.2, block.3)
            used = 0
            nextBlock &+= 1
        }
        defer { used += 1 }
        return words[used]
    }

    public mutating func next() -> UInt64 {
        let low = UInt64(nextWord())
        return UInt64(nextWord()) << 32 | low
    }

    /// A number in `0..<bound`, each equally likely (Lemire 2019); `bound` is at least 1.
    public mutating func next(below bound: UInt32) -> UInt32 {
        var product = UInt64(nextWord()) &* UInt64(bound)
        if UInt32(truncatingIfNeeded: product) < bound {
            let threshold = (0 &- bound) % bound
            while UInt32(truncatingIfNeeded: product) < threshold {
                product = UInt64(nextWord()) &* UInt64(bound)
            }
        }
        return UInt32(truncatingIfNeeded: product >> 32)
    }
}
