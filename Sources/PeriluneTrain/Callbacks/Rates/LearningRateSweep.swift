import Glibc
import PeriluneNN

/// What a learning-rate range test found: the loss at rates from small to large.
public struct LearningRateSweep: Hashable, Sendable {
    /// Rising, one a step.
    public internal(set) var rates: [Double] = []
    /// The loss of each step.
    public internal(set) var losses: [Double] = []
    /// The losses as a moving average, without the bias of its beginning.
    public internal(set) var smoothed: [Double] = []
    /// Whether the loss ran away before the last rate.
    public internal(set) var hasDiverged = false
    private var average = 0.0

    public init() {}

    /// - Parameter smoothing: the share of the past in the average; 0 or more, below 1.
    mutating func add(rate: Double, loss: Double, smoothing: Double) {
        rates.append(rate)
        losses.append(loss)
        average = smoothing * average + (1 - smoothing) * loss
        smoothed.append(average / (1 - pow(smoothing, Double(losses.count))))
    }
}

extension LearningRateSweep {
    /// The rate at which the smoothed loss falls most steeply; nil where it falls nowhere or there are too few steps.
    ///
    /// As in Lightning and fastai (Smith 2015): the first tenth, in which the average has seen little, does not count.
    public var suggestion: Double? { steepest.map { rates[$0] } }

    /// A tenth of the rate with the least smoothed loss: the other rule of thumb.
    public var tenthOfMinimum: Double? { minimum.map { rates[$0] / 10 } }

    /// Where the smoothed loss is least.
    var minimum: Int? {
        MetricDirection.minimize.best(1, of: smoothed.indices.filter { smoothed[$0].isFinite }) { smoothed[$0] }.first
    }

    /// Where its slope, by central differences over the logarithm of the rate, is least and below 0.
    var steepest: Int? {
        // What comes after the least loss only gets worse.
        guard let end = minimum, end >= 2 else { return nil }
        let begin = max(1, min(smoothed.count / 10, end - 1))
        func slope(_ index: Int) -> Double { smoothed[index + 1] - smoothed[index - 1] }
        let last = min(end, smoothed.count - 2)
        guard begin <= last else { return nil }
        let candidates = (begin...last).filter { slope($0).isFinite && slope($0) < 0 }
        return MetricDirection.minimize.best(1, of: candidates, by: slope).first
    }
}
