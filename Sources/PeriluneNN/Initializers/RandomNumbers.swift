import PeriluneGraph

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Fills arrays with random numbers of one stream.
enum RandomNumbers {
    /// Uniform in [low, high).
    static func uniform(_ count: Int, _ low: Float, _ high: Float, _ philox: Philox) -> [Float] {
        let scale = high - low
        return [Float](unsafeUninitializedCapacity: count) { values, initialized in
            var position = 0
            var index: UInt64 = 0
            while position < count {
                let (a, b, c, d) = philox.block(index)
                index += 1
                let words = SIMD4(a, b, c, d)
                for lane in 0..<min(4, count - position) {
                    values.initializeElement(at: position, to: low + scale * Philox.unitFloat(words[lane]))
                    position += 1
                }
            }
            initialized = count
        }
    }

    /// Normal with `mean` and `deviation`, by Box and Muller (1958).
    static func normal(_ count: Int, mean: Float, deviation: Float, _ philox: Philox) -> [Float] {
        [Float](unsafeUninitializedCapacity: count) { values, initialized in
            var position = 0
            var index: UInt64 = 0
            while position < count {
                let (a, b, c, d) = philox.block(index)
                index += 1
                let (first, second) = (pair(a, b), pair(c, d))
                let draws = SIMD4(first.0, first.1, second.0, second.1)
                for lane in 0..<min(4, count - position) {
                    values.initializeElement(at: position, to: mean + deviation * draws[lane])
                    position += 1
                }
            }
            initialized = count
        }
    }

    /// Normal with `mean` and `deviation`, draws further than two deviations from the mean drawn again.
    static func truncatedNormal(_ count: Int, mean: Float, deviation: Float, _ philox: Philox) -> [Float] {
        var values: [Float] = []
        values.reserveCapacity(count + 4)
        var index: UInt64 = 0
        while values.count < count {
            let (a, b, c, d) = philox.block(index)
            index += 1
            let (first, second) = (pair(a, b), pair(c, d))
            for draw in [first.0, first.1, second.0, second.1] where abs(draw) <= 2 {
                values.append(mean + deviation * draw)
            }
        }
        values.removeLast(values.count - count)
        return values
    }

    /// Two independent standard normal numbers from two words.
    private static func pair(_ a: UInt32, _ b: UInt32) -> (Float, Float) {
        // 1 - u is in (0, 1], so the logarithm is finite.
        let radius = (-2 * logf(1 - Philox.unitFloat(a))).squareRoot()
        let angle = 2 * Float.pi * Philox.unitFloat(b)
        return (radius * cosf(angle), radius * sinf(angle))
    }
}
