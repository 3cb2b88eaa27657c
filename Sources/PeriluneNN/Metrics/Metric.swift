public import PeriluneGraph

/// A number that tells how good predictions are.
///
/// A metric keeps no state. In the graph it is a vector of statistics of a batch, mostly sums; the host puts those of
/// several batches together in Double and asks for the result of the total, or of one batch alone.
public protocol Metric {
    /// The key in logs: `accuracy`, `mean_absolute_error`.
    var name: String { get }

    /// Which way is better; nil where neither is, as for a count of true positives.
    var direction: MetricDirection? { get }

    /// Whether `yPred` must be probabilities where the loss takes the output for logits. False where only the order of
    /// the predictions matters, so that a softmax can be saved.
    var needsProbabilities: Bool { get }

    /// The metric to be used in place of this one with this loss and these specs. For `accuracy`, one of three.
    /// - Throws: `ModelError` where no metric fits, or an option is out of range.
    func resolved(loss: (any Loss)?, yTrue: TensorSpec, yPred: TensorSpec) throws -> any Metric

    /// Whether the result takes every example by itself and not sums: what `statistics` gives of all batches is then
    /// kept, one after the other, and `result(examples:)` is asked. Costs memory with every example.
    var keepsExamples: Bool { get }

    /// Sums over the batch, [k]; k is the same for all batches. Where `keepsExamples`: [m, 3], of each of m examples
    /// its score, 1 where it is positive and 0 elsewhere, and its weight.
    /// - Parameters:
    ///   - yTrue: [n, …], float32 or int32.
    ///   - yPred: [n, …], float32.
    ///   - sampleWeight: [n] or [n, 1]; nil for 1 each.
    /// - Throws: `ModelError` where the shapes do not fit each other or the metric.
    func statistics(
        _ yTrue: SymbolicTensor, _ yPred: SymbolicTensor, sampleWeight: SymbolicTensor?
    ) throws -> SymbolicTensor

    /// Takes the statistics of a batch into those of the batches before: the sums of both, unless the metric keeps
    /// what cannot be added.
    /// - Parameters:
    ///   - total: all 0 before the first batch.
    ///   - place: where this metric's numbers are, in both.
    func add(_ batch: [Double], to total: inout [Double], at place: Range<Int>)

    /// The metric of statistics: of one batch, or put together by `add`. 0 where nothing was added, as in Keras.
    func result(_ sums: [Double]) -> Double

    /// The metric of all examples of a pass, or of one batch: three numbers each, as `statistics` gives them where
    /// `keepsExamples`. Their order makes no difference.
    func result(examples: ArraySlice<Float>) -> Double
}

extension Metric {
    public var needsProbabilities: Bool { true }
    public var keepsExamples: Bool { false }
    public func result(examples: ArraySlice<Float>) -> Double { .nan }

    public func add(_ batch: [Double], to total: inout [Double], at place: Range<Int>) {
        for index in place { total[index] += batch[index] }
    }

    public func resolved(loss: (any Loss)?, yTrue: TensorSpec, yPred: TensorSpec) throws -> any Metric { self }

    /// Statistics for what `prediction` is to this metric under `loss`: probabilities where they are needed.
    public func statistics(
        _ yTrue: SymbolicTensor, _ prediction: Prediction, loss: (any Loss)?, sampleWeight: SymbolicTensor? = nil
    ) throws -> SymbolicTensor {
        let yPred =
            if needsProbabilities, let loss { try loss.predictionForMetrics(prediction) } else { prediction.tensor }
        return try statistics(yTrue, yPred, sampleWeight: sampleWeight)
    }
}

/// A metric that is a mean of one value for each sample.
public protocol MeanMetric: Metric {
    /// The values [n].
    /// - Throws: `ModelError` where the shapes do not fit each other or the metric.
    func perSample(_ yTrue: SymbolicTensor, _ yPred: SymbolicTensor) throws -> SymbolicTensor
}

extension MeanMetric {
    /// `[sum of the weighted values, sum of the weights]`.
    public func statistics(
        _ yTrue: SymbolicTensor, _ yPred: SymbolicTensor, sampleWeight: SymbolicTensor?
    ) throws -> SymbolicTensor {
        let values = try perSample(yTrue, yPred)
        guard values.rank == 1 else {
            throw ModelError(
                .shapeMismatch, "\(name): must give one number for each sample, gave shape \(values.shape)")
        }
        guard let sampleWeight else {
            return try .concatenated(
                [values.sum().reshaped(to: [1]), values.builder.fill(Float(values.shape[0]), [1])], axis: 0)
        }
        let weights = try SampleWeight.flat(sampleWeight, count: values.shape[0])
        return try .concatenated(
            [(values * weights).sum().reshaped(to: [1]), weights.sum().reshaped(to: [1])], axis: 0)
    }

    public func result(_ sums: [Double]) -> Double { Ratio.ofEnds(sums) }
}

enum Ratio {
    /// `a / b`, 0 where b is 0, as Keras divides.
    static func of(_ a: Double, _ b: Double) -> Double { b == 0 ? 0 : a / b }

    /// The first number over the last. By index: `first` and `last` allocate where nothing is optimized, and logs of
    /// batches ask each time.
    static func ofEnds(_ sums: [Double]) -> Double { sums.isEmpty ? 0 : of(sums[0], sums[sums.count - 1]) }
}
