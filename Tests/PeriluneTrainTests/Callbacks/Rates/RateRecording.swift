@testable import PeriluneTrain

/// The rate, and momentum, that each step of a fit has. The engine has two batches an epoch unless told otherwise.
func stepRates(
    _ callbacks: [any Callback], engine: FakeEngine, epochs: Int, accumulate: Int = 1
) throws -> (rates: [Double], momenta: [Double]) {
    var (rates, momenta): ([Double], [Double]) = ([], [])
    let reader = LambdaCallback(on: .trainBatchBegin) { context in
        let optimizer = context.run.optimizer
        // Several batches may make one step.
        guard rates.count == context.run.step else { return nil }
        rates.append(optimizer.learningRate)
        momenta.append(optimizer.value(of: "momentum") ?? 0)
        return nil
    }
    _ = try makeLoop(engine, callbacks + [reader], validates: false) {
        ($0.epochs, $0.accumulate) = (epochs, accumulate)
    }.fit()
    return (rates, momenta)
}

/// Whether two lists agree to 12 digits.
func agree(_ a: [Double], _ b: [Double]) -> Bool {
    a.count == b.count && zip(a, b).allSatisfy { abs($0 - $1) <= 1e-12 * max(1, abs($1)) }
}
