public import PeriluneGraph

/// A metric of the decisions at all thresholds: areas under curves, and operating points on them.
///
/// Truth and prediction of one shape, every element of which is an example; what is not 0 is positive. Either the
/// thresholds lie between all scores, and the value is exact: then every example is kept until the value is read. Or
/// they are evenly spaced from 0 to 1, as in Keras, and sums are all that is kept; where all scores lie close together
/// these see no difference between them.
public protocol ThresholdMetric: Metric {
    /// How many evenly spaced thresholds are looked at, 3 to 100000; nil for one at every score.
    var thresholdCount: Int? { get }

    func result(_ counts: ThresholdCounts) -> Double

    /// - Throws: `ModelError.invalidArgument` where another option is out of range.
    func validate() throws
}

extension ThresholdMetric {
    public func validate() throws {}

    public var keepsExamples: Bool { thresholdCount == nil }

    public func statistics(
        _ yTrue: SymbolicTensor, _ yPred: SymbolicTensor, sampleWeight: SymbolicTensor?
    ) throws -> SymbolicTensor {
        try validate()
        let examples = try LabelledScores(yTrue, yPred, sampleWeight, name)
        guard let thresholdCount else { return try examples.columns() }
        return try ThresholdCounts.statistics(examples, thresholdCount, name)
    }

    /// 0 where nothing was added, as in Keras.
    public func result(_ sums: [Double]) -> Double { ThresholdCounts(sums).map(result) ?? 0 }

    /// NaN where a score is.
    public func result(examples: ArraySlice<Float>) -> Double {
        ThresholdCounts(examples: examples).map(result) ?? .nan
    }
}

/// Scores of a batch with what they should have been: a number for each example, [m].
struct LabelledScores {
    let scores: SymbolicTensor
    /// 1 or 0.
    let isPositive: SymbolicTensor
    let weights: SymbolicTensor

    /// - Throws: `ModelError.shapeMismatch` where truth and prediction are not of one shape.
    init(
        _ yTrue: SymbolicTensor, _ yPred: SymbolicTensor, _ sampleWeight: SymbolicTensor?, _ name: String
    ) throws {
        let (y, p) = try LabelShapes.matched(yTrue, yPred, name)
        let count = y.shape.elementCount
        var weights = try y.builder.fill(1).broadcast(to: y.shape)
        if let sampleWeight {
            let column = try SampleWeight.flat(sampleWeight, count: y.shape[0])
                .reshaped(to: Shape([y.shape[0]] + [Int](repeating: 1, count: y.rank - 1)))
            weights = try column.broadcast(to: y.shape)
        }
        scores = try p.reshaped(to: [count])
        isPositive = try y.combined(.notEqual, 0).reshaped(to: [count])
        self.weights = try weights.reshaped(to: [count])
    }

    /// [m, 3].
    func columns() throws -> SymbolicTensor {
        try .concatenated([scores, isPositive, weights].map { try $0.expandingAxis(1) }, axis: 1)
    }
}
