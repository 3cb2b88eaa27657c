public import PeriluneItems

/// Changes the batch size by a plan: `[1: 32, 5: 64]` takes 64 rows a batch from epoch 5 on.
///
/// Epochs before the first in the plan keep what fit was told. See Smith et al. 2018, "Don't Decay the Learning Rate,
/// Increase the Batch Size".
public final class BatchSizeSchedule: Callback {
    public static let declaration = CallbackDeclaration(
        "batch_size_schedule", try BatchSizeSchedule([1: 1]),
        positional: [
            .required(
                "plan", \.plan.values, .plan(example: example),
                "rows a batch by the epoch from which on they hold: \(example)")
        ],
        help: """
            Changes the batch size from epochs on.
            lune.batch_size_schedule \(example)
            """
    ) { try BatchSizeSchedule($0[\.plan.values]) }

    private static let example = "{ [1] = 32, [5] = 64 }"

    private let plan: EpochPlan

    /// - Parameter sizes: rows a batch by the epoch from which on they hold; all 1 or more.
    /// - Throws: `TrainingError` for an empty plan, or a number below 1.
    public init(_ sizes: [Int: Int]) throws(TrainingError) { plan = try EpochPlan(sizes, for: "batch_size_schedule") }

    public var name: String { "batch_size_schedule" }

    public var events: EventSet { [.trainBegin, .epochEnd] }

    public func onTrainBegin(_ logs: Logs, _ run: Run) -> Directive? { directive(run) }

    public func onEpochEnd(_ epoch: Int, _ logs: Logs, _ run: Run) -> Directive? { directive(run) }

    private func directive(_ run: Run) -> Directive? {
        plan.value(after: run.epoch).flatMap { $0 == run.params.batchSize ? nil : .batchSize($0) }
    }
}
