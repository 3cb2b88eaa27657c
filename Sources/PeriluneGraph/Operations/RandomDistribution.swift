/// Distributions of `Op.random`.
public enum RandomDistribution: Hashable, Sendable {
    /// Uniform in [0, 1).
    case uniform
    /// Normal with mean 0 and standard deviation 1.
    case normal
    /// 0 with probability `rate`, otherwise `1 / (1 - rate)`: the mask of inverted dropout.
    case dropoutMask(rate: Float)
}
