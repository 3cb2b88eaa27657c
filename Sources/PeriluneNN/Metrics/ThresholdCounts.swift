import PeriluneGraph

/// True and false positives at thresholds that rise, so that the counts fall: from where all examples are positive to
/// where none is.
public struct ThresholdCounts: Hashable, Sendable {
    public let truePositives: [Double]
    public let falsePositives: [Double]
    /// The weight of all positive examples, and of all negative ones.
    public let positives: Double
    public let negatives: Double
}

// At every score.
extension ThresholdCounts {
    /// Counts examples, each of them a score, 1 or 0, and a weight. Those of one score change sides together. Examples
    /// without weight do not count.
    ///
    /// Sums are formed in an order that the examples alone decide: how they were parted into batches makes no
    /// difference, to the last bit.
    /// - Returns: nil where a score or a weight is NaN, or a weight is below 0.
    init?(examples numbers: ArraySlice<Float>) {
        var examples: [RankedExample] = []
        examples.reserveCapacity(numbers.count / 3)
        for start in stride(from: numbers.startIndex, to: numbers.endIndex - 2, by: 3) {
            let (score, weight) = (numbers[start], numbers[start + 2])
            guard !score.isNaN, weight >= 0 else { return nil }
            guard weight > 0 else { continue }
            examples.append(RankedExample(score, isPositive: numbers[start + 1] != 0, weight))
        }
        examples.sort()
        var (tp, fp) = ([0.0], [0.0])
        var (positive, negative) = (0.0, 0.0)
        for (index, example) in examples.enumerated() {
            if example.isPositive { positive += Double(example.weight) } else { negative += Double(example.weight) }
            guard index == examples.count - 1 || examples[index + 1].rank != example.rank else { continue }
            tp.append(positive)
            fp.append(negative)
        }
        self.init(
            truePositives: tp.reversed(), falsePositives: fp.reversed(), positives: positive, negatives: negative)
    }

    /// An example in one number, which sorts faster than three: the largest score first, then what makes the order one
    /// and the same.
    private struct RankedExample: Comparable {
        private let bits: UInt64

        /// - Parameter weight: above 0, so that its sign is not needed.
        init(_ score: Float, isPositive: Bool, _ weight: Float) {
            // 0 and -0 are one score. The bits of floats are in their order where the negative ones are turned around.
            let plain = (score + 0).bitPattern
            let rising = plain >> 31 == 1 ? ~plain : plain | 1 << 31
            bits = UInt64(~rising) << 32 | (isPositive ? 0 : 1 << 31) | UInt64(weight.bitPattern)
        }

        /// The same for equal scores, less for a larger one.
        var rank: UInt64 { bits >> 32 }
        var isPositive: Bool { bits >> 31 & 1 == 0 }
        var weight: Float { Float(bitPattern: UInt32(truncatingIfNeeded: bits & 0x7FFF_FFFF)) }

        static func < (a: Self, b: Self) -> Bool { a.bits < b.bits }
    }
}

// At evenly spaced thresholds, from below 0 to above 1 as Keras places them.
extension ThresholdCounts {
    /// Reads what `statistics` writes: true positives, false positives, all positives, all negatives.
    init?(_ sums: [Double]) {
        let count = (sums.count - 2) / 2
        guard count > 1, sums.count == 2 * count + 2 else { return nil }
        self.init(
            truePositives: Array(sums[..<count]), falsePositives: Array(sums[count..<2 * count]),
            positives: sums[2 * count], negatives: sums[2 * count + 1])
    }

    static func statistics(_ examples: LabelledScores, _ count: Int, _ name: String) throws -> SymbolicTensor {
        guard (3...100_000).contains(count) else {
            throw ModelError(.invalidArgument, "num_thresholds of \(name) must be from 3 to 100000, got \(count)")
        }
        let elements = examples.scores.shape.elementCount
        let positive = try (examples.isPositive * examples.weights).reshaped(to: [1, elements])
        let negative = try ((1 - examples.isPositive) * examples.weights).reshaped(to: [1, elements])
        let thresholds = examples.scores.builder.literal(Tensor(thresholds(count), shape: [1, count]))
        let above = try examples.scores.reshaped(to: [elements, 1]).combined(.greater, thresholds)
        return try .concatenated(
            [
                positive.matmul(above).reshaped(to: [count]), negative.matmul(above).reshaped(to: [count]),
                positive.sum().reshaped(to: [1]), negative.sum().reshaped(to: [1]),
            ], axis: 0)
    }

    static func thresholds(_ count: Int) -> [Float] {
        [-1e-7] + (1..<count - 1).map { Float(Double($0) / Double(count - 1)) } + [1 + 1e-7]
    }
}
