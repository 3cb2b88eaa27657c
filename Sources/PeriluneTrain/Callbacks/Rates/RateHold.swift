/// The learning rate in the hand of a callback that sets it before each step.
///
/// What others do to the rate in between, a plateau or a directive, multiplies everything that comes after it: as with
/// a schedule of the optimizer.
struct RateHold {
    /// What the callback's rates are multiplied with.
    private var scale = 1.0
    /// What was set last; nil where nothing was.
    private var last: Double?

    /// - Throws: `TrainingError` in the name of `callback` where something else holds the rate.
    mutating func prepare(for run: Run, _ callback: any Callback) throws(TrainingError) {
        (scale, last) = (1, nil)
        guard !run.optimizer.hasSchedule else {
            throw TrainingError(
                .invalidOption,
                "\(callback.name): the optimizer follows a schedule already; give it a plain learning rate")
        }
        guard let other = run.roles.lazy.compactMap(\.rateHolder).first(where: { $0 !== callback }) else { return }
        throw TrainingError(
            .invalidOption, "\(callback.name): '\(other.name)' sets the rate of each step already; only one can")
    }

    /// Sets a rate that has been checked. Allocates nothing.
    mutating func set(_ value: Double, _ run: Run) {
        let now = run.optimizer.fullLearningRate
        if let last, now != last, last > 0 {
            let factor = now / last
            if factor > 0, (scale * factor).isFinite { scale *= factor }
        }
        let rate = value * scale
        run.optimizer.setLearningRate(rate.isFinite ? rate : value)
        last = run.optimizer.fullLearningRate
    }

    var state: StateValue { ["scale": .number(scale), "last": last.map { .number($0) } ?? .null] }

    /// - Parameter isGivenAnew: whether the user has given a new rate on resuming.
    mutating func restore(_ state: StateValue?, isGivenAnew: Bool) {
        scale = state?["scale"]?.number.flatMap { $0.isFinite && $0 > 0 ? $0 : nil } ?? 1
        last = isGivenAnew ? nil : state?["last"]?.number
    }
}
