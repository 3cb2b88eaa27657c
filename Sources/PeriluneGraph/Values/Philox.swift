/// Philox4x32-10, the counter-based generator of Salmon et al., "Parallel Random Numbers: As Easy as 1, 2, 3" (2011).
///
/// Each block of four words is a pure function of key and counter. So a draw depends on the seed, on what it is for
/// (the stream) and on its position, and never on what was drawn before.
public struct Philox: Hashable, Sendable {
    /// Four random words.
    public typealias Block = (UInt32, UInt32, UInt32, UInt32)

    public let seed: UInt64
    public let stream: UInt64

    /// - Parameters:
    ///   - seed: the key.
    ///   - stream: the upper half of the counter: one stream for each use of the seed.
    public init(seed: UInt64, stream: UInt64 = 0) {
        self.seed = seed
        self.stream = stream
    }

    /// The `index`-th block of this stream.
    @inlinable
    public func block(_ index: UInt64) -> Block {
        Philox.block(counter: index, stream, key: seed)
    }

    /// The block at the 128-bit counter `high`·2⁶⁴ + `low`.
    @inlinable
    public static func block(counter low: UInt64, _ high: UInt64 = 0, key: UInt64) -> Block {
        var c0 = UInt32(truncatingIfNeeded: low)
        var c1 = UInt32(truncatingIfNeeded: low >> 32)
        var c2 = UInt32(truncatingIfNeeded: high)
        var c3 = UInt32(truncatingIfNeeded: high >> 32)
        var k0 = UInt32(truncatingIfNeeded: key)
        var k1 = UInt32(truncatingIfNeeded: key >> 32)
        for _ in 0..<10 {
            let p0 = UInt64(c0) &* 0xD251_1F53
            let p1 = UInt64(c2) &* 0xCD9E_8D57
            c0 = UInt32(truncatingIfNeeded: p1 >> 32) ^ c1 ^ k0
            c1 = UInt32(truncatingIfNeeded: p1)
            c2 = UInt32(truncatingIfNeeded: p0 >> 32) ^ c3 ^ k1
            c3 = UInt32(truncatingIfNeeded: p0)
            k0 &+= 0x9E37_79B9
            k1 &+= 0xBB67_AE85
        }
        return (c0, c1, c2, c3)
    }

    /// A word as a float in [0, 1): its upper 24 bits, so that every value is exact.
    @inlinable
    public static func unitFloat(_ word: UInt32) -> Float {
        Float(word >> 8) * 0x1p-24
    }
}

extension Philox {
    /// The stream that belongs to a name, such as a weight's path: 64-bit FNV-1a over its UTF-8.
    public static func stream(named name: String) -> UInt64 {
        name.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01b3 }
    }
}
