/// How long something lasts.
public enum RateSpan: Hashable, Sendable {
    /// Updates of the weights, 1 or more.
    case steps(Int)
    /// Epochs, 1 or more; as many updates as the data have batches for when the run begins.
    case epochs(Int)

    /// - Throws: `TrainingError` in the name of `callback` where the number is out of range.
    func check(for callback: String) throws(TrainingError) {
        switch self {
        case .steps(let count): try OptionCheck(callback).positive("steps", count)
        case .epochs(let count): try OptionCheck(callback).positive("epochs", count)
        }
    }

    /// The updates that it takes in `run`, 1 or more.
    /// - Throws: `TrainingError` where the data do not say how many batches an epoch has.
    func steps(in run: Run, for callback: String) throws(TrainingError) -> Int {
        switch self {
        case .steps(let count): return count
        case .epochs(let count):
            guard let each = run.stepsPerEpoch else {
                throw TrainingError(
                    .invalidOption,
                    "\(callback): how many steps an epoch has is not known before it ends, "
                        + "because the data do not tell their number; give 'steps', or fit's steps_per_epoch")
            }
            let (product, overflows) = count.multipliedReportingOverflow(by: each)
            return overflows ? .max : max(1, product)
        }
    }
}

extension Run {
    /// Updates of the weights an epoch, as things stand; nil where the data do not say how many batches they have.
    var stepsPerEpoch: Int? {
        params.steps.map { batches in batches / params.accumulate + (batches % params.accumulate > 0 ? 1 : 0) }
    }
}
