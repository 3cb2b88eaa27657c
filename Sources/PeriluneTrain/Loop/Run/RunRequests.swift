/// What callbacks have asked for and the loop has not carried out yet.
final class RunRequests {
    /// The end of the run, at the next boundary.
    var stop: Wish.Stop?
    /// Leave out the batch, or the update, in progress.
    var skip = false
    /// End the epoch in progress after its batch.
    var endsEpoch = false
    /// Validate after the batch in progress.
    var validates = false
    /// Where to write checkpoints at the next boundary.
    var saves: [String] = []
    /// Where to go back to at the next boundary.
    var restores: Wish.Restore?
    /// The batch that has just ended is to leave no trace: neither in the metrics nor in gradients that wait.
    var forgetsBatch = false
    /// A callback has chosen the weights that the run ends with.
    var hasFinalWeights = false

    /// Asks for a stop, beside those that were asked for before.
    func addStop(_ wanted: Wish.Stop) { stop = stop?.merged(with: wanted) ?? wanted }
}
