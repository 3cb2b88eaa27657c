/// The same learning rate at every step.
public struct ConstantSchedule: Schedule {
    public let rate: Double

    /// - Throws: `TrainingError` unless `rate` is finite and 0 or more.
    public init(_ rate: Double) throws(TrainingError) {
        try OptionCheck("constant").nonNegative("value", rate)
        self.rate = rate
    }

    public func value(at step: Int) -> Double { rate }
}
