/// Philox4x32-10 (Salmon, Moraes, Dror, Shaw: "Parallel random numbers: as easy as 1, 2, 3", 2011).
///
/// A counter-based generator: block `n` of a key is a pure function of `n`, so a number depends on what it is for and
/// never on how many were drawn before it. Resuming in the middle of a run therefore needs no generator state.
public enum Philox {
    /// The four random words of one counter under one key.
    @inlinable
    public static func block(_ counter: SIMD4<UInt32>, key: SIMD2<UInt32>) -> SIMD4<UInt32> {
        // Scalars: taking lanes out of vectors in every round takes three times as long.
        var (c0, c1, c2, c3) = (counter[0], counter[1], counter[2], counter[3])
        var (k0, k1) = (key[0], key[1])
        for _ in 0..<10 {
            let first = UInt64(c0) &* 0xD251_1F53
            let second = UInt64(c2) &* 0xCD9E_8D57
            c0 = UInt32(truncatingIfNeeded: second >> 32) ^ c1 ^ k0
            c1 = UInt32(truncatingIfNeeded: second)
            c2 = UInt32(truncatingIfNeeded: first >> 32) ^ c3 ^ k1
            c3 = UInt32(truncatingIfNeeded: first)
            k0 &+= 0x9E37_79B9
            k1 &+= 0xBB67_AE85
        }
        return SIMD4(c0, c1, c2, c3)
    }
}

/// Random words for one use of one seed: `PhiloxStream(seed: 42, use: "shuffle", index: epoch)`.
///
/// Streams of different uses or indices are independent of each other and of the order in which they are read.
public struct PhiloxStream: RandomNumberGenerator, Sendable {
    private let key: SIMD2<UInt32>
    private var counter: SIMD4<UInt32>
    private var words = SIMD4<UInt32>()
    private var used = 4

    /// - Parameters:
    ///   - seed: the run's seed.
    ///   - use: what the numbers are for; any text.
    ///   - index: which of that use: an epoch, a step. Taken modulo 2^32.
    public init(seed: UInt64, use: StaticString, index: Int = 0) {
        key = SIMD2(UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32))
        // Words 0 and 1 count blocks; word 2 says which index, word 3 which use (FNV-1a of its name).
        let tag = use.withUTF8Buffer { $0.reduce(0x811C_9DC5 as UInt32) { ($0 ^ UInt32($1)) &* 0x0100_0193 } }
        counter = SIMD4(0, 0, UInt32(truncatingIfNeeded: index), tag)
    }

    public mutating func nextWord() -> UInt32 {
        if used == 4 {
            words = Philox.block(counter, key: key)
            used = 0
            counter[0] &+= 1
            if counter[0] == 0 { counter[1] &+= 1 }
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
