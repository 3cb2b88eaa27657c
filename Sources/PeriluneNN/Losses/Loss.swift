public import PeriluneGraph

/// How far predictions are from the truth: a number for each sample, whose mean is minimized.
///
/// Truth and prediction have the batch as their first axis. A truth of [n] fits a prediction of [n, 1] and the other
/// way round, as in Keras.
public protocol Loss {
    /// Keras's name in snake_case: `mean_squared_error`.
    var name: String { get }

    /// What tells the loss from others of its name, in words, its options for instance: `gamma 2.0`. Empty where the
    /// name says it all.
    ///
    /// A checkpoint keeps name and identity, and a run that is resumed with another loss says so. Nil, which is the
    /// default, means that the loss does not say: a resumed run then says that it cannot tell. The losses of the
    /// library are known by their options, and are not asked.
    var identity: String? { get }

    /// The loss of each sample, [n]. A user's loss may give [n, …], of which the mean is taken, or a scalar where there
    /// are no sample weights.
    /// - Parameters:
    ///   - yTrue: [n, …], float32 or int32.
    ///   - yPred: an output of the model; the loss may fuse with the activation that ends it.
    /// - Throws: `ModelError` where the shapes do not fit each other or the loss, with a hint at what would.
    func perSample(_ yTrue: SymbolicTensor, _ yPred: Prediction) throws -> SymbolicTensor

    /// What metrics see of this output: the probabilities where the loss takes the output for logits, else the output.
    func predictionForMetrics(_ yPred: Prediction) throws -> SymbolicTensor

    /// What the labels look like to this loss, so that `accuracy` knows which accuracy is meant; nil where the loss
    /// does not say.
    var labels: LabelKind? { get }

    /// What numbers the truth may be, ends included, where others would make the loss mean nothing: it could fall
    /// without end, or take them for something else. Nil where it takes all.
    var truthRange: ClosedRange<Float>? { get }

    /// - Throws: `ModelError.invalidArgument` where an option is out of range.
    func validate() throws
}

/// What the truth is made of.
public enum LabelKind: String, Hashable, Sendable {
    /// 0 or 1 for each output.
    case binary
    /// One-hot rows or probabilities.
    case categorical
    /// Class numbers.
    case sparse
}

extension Loss {
    public var identity: String? { nil }
    public func predictionForMetrics(_ yPred: Prediction) throws -> SymbolicTensor { yPred.tensor }
    public var labels: LabelKind? { nil }
    public var truthRange: ClosedRange<Float>? { nil }
    public func validate() throws {}

    /// The mean of the batch: the sum of the samples' losses, each times its weight, divided by their number (Keras's
    /// `sum_over_batch_size`; the sum of the weights plays no part).
    /// - Parameter sampleWeight: [n] or [n, 1]; nil for 1 each.
    public func mean(
        _ yTrue: SymbolicTensor, _ yPred: Prediction, sampleWeight: SymbolicTensor? = nil
    ) throws -> SymbolicTensor {
        try validate()
        var losses = try perSample(yTrue, yPred)
        if losses.rank == 0 {
            // A user's loss may take the mean itself; then there is nothing left to weight.
            guard sampleWeight == nil else {
                throw ModelError(
                    .shapeMismatch, "\(name): gives one number for the batch, so it cannot be weighted by sample_weight"
                )
            }
            return losses
        }
        losses = try LabelShapes.perSample(losses)
        guard let sampleWeight else { return try losses.mean() }
        return try (losses * SampleWeight.flat(sampleWeight, count: losses.shape[0])).mean()
    }
}

enum SampleWeight {
    /// Weights [n] or [n, 1] as float32 [n].
    /// - Throws: `ModelError.shapeMismatch` where the shape is another.
    static func flat(_ weights: SymbolicTensor, count: Int) throws -> SymbolicTensor {
        guard weights.shape == [count] || weights.shape == [count, 1] else {
            throw ModelError(
                .shapeMismatch,
                "sample_weight must have one weight for each of \(count) samples, "
                    + "got shape \(weights.shape)")
        }
        return try weights.cast(to: .float32).reshaped(to: [count])
    }
}
