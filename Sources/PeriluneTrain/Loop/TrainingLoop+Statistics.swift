import PeriluneProcess

// Statistics that layers keep, taken anew for weights which training never had.
extension TrainingLoop {
    /// How such a pass ended.
    enum StatisticsPass {
        /// The model keeps none.
        case needless
        case done
        /// The data were not seen once, for a reason in words; some of the statistics may have changed.
        case incomplete(String)
    }

    /// Runs the model on the training data once as in training, with the weights as they are, and makes the statistics
    /// of batch normalization the means over all examples: what `torch.optim.swa_utils.update_bn` does with
    /// `momentum = None`, where all batches have one size.
    func renewStatistics(from source: any SessionSource) throws -> StatisticsPass {
        guard !state.isInterrupted else { return .incomplete("the run was interrupted") }
        guard let session = try source.makeStatisticsSession(batchSize: state.activeBatchSize) else { return .needless }
        // In an order of its own, as the next epoch would be.
        guard try session.startEpoch(state.epoch + 1), try session.next() != nil else {
            return .incomplete(session.exhaustion ?? "the training data have nothing more")
        }
        repeat {
            if Task.isCancelled || interrupts.requested.contains(.stop) { return .incomplete("it was interrupted") }
            try session.run()
        } while try session.next() != nil
        return .done
    }
}
