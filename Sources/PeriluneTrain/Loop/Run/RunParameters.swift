/// The plan of a run, as it stands.
public struct RunParameters: Hashable, Sendable {
    /// The number of the last epoch.
    public internal(set) var epochs: Int
    /// Batches an epoch, nil where the data do not say.
    public internal(set) var steps: Int?
    public internal(set) var batchSize: Int
    /// Batches whose gradients make one update of the weights.
    public internal(set) var accumulate = 1
    /// Rows of the training data, nil where the data do not say.
    public internal(set) var samples: Int?
    /// Names in the logs of an epoch: `loss`, the metrics, and their `val_` forms where there is validation.
    public internal(set) var metrics: [String]
}
