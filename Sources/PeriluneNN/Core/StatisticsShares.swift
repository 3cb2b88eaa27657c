public import PeriluneGraph

/// What a moving average is made with where it is to be a mean over many batches: `average ← kept · average + added ·
/// value`. Scalars.
public struct StatisticsShares {
    public let kept: SymbolicTensor
    /// What the batch has of all examples so far.
    public let added: SymbolicTensor

    public init(kept: SymbolicTensor, added: SymbolicTensor) {
        self.kept = kept
        self.added = added
    }
}
