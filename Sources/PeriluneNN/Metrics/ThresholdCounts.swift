import PeriluneGraph

/// True and false positives at evenly spaced thresholds, from below 0 to above 1 as Keras places them.
struct ThresholdCounts {
    let truePositives: [Double]
    let falsePositives: [Double]
    let positives: Double
    let negatives: Double

    /// Reads what `statistics` writes: true positives, false positives, all positives, all negatives.
    init?(_ sums: [Double]) {
        let count = (sums.count - 2) / 2
        guard count > 1, sums.count == 2 * count + 2 else { return nil }
        truePositives = Array(sums[..<count])
        falsePositives = Array(sums[count..<2 * count])
        positives = sums[2 * count]
        negatives = sums[2 * count + 1]
    }

    static func statistics(
        _ yTrue: SymbolicTensor, _ yPred: SymbolicTensor, _ sampleWeight: SymbolicTensor?, _ count: Int, _ name: String
    ) throws -> SymbolicTensor {
        guard (3...100_000).contains(count) else {
            throw ModelError(.invalidArgument, "num_thresholds of \(name) must be from 3 to 100000, got \(count)")
        }
        let (y, p) = try LabelShapes.matched(yTrue, yPred, name)
        let elements = y.shape.elementCount
        var weights = try y.builder.fill(1).broadcast(to: y.shape)
        if let sampleWeight {
            let column = try SampleWeight.flat(sampleWeight, count: y.shape[0])
                .reshaped(to: Shape([y.shape[0]] + [Int](repeating: 1, count: y.rank - 1)))
            weights = try column.broadcast(to: y.shape)
        }
        let isPositive = try y.combined(.notEqual, 0)
        let positive = try (isPositive * weights).reshaped(to: [1, elements])
        let negative = try ((1 - isPositive) * weights).reshaped(to: [1, elements])
        let thresholds = y.builder.literal(Tensor(thresholds(count), shape: [1, count]))
        let above = try p.reshaped(to: [elements, 1]).combined(.greater, thresholds)
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
