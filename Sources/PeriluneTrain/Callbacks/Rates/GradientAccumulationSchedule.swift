public import PeriluneItems

/// Changes how many batches make one update by a plan: `[1: 1, 4: 2]` takes two from epoch 4 on.
///
/// Lightning's `GradientAccumulationScheduler`, with epochs from 1
/// (https://lightning.ai/docs/pytorch/stable/api/lightning.pytorch.callbacks.GradientAccumulationScheduler.html).
/// Epochs before the first in the plan keep what fit was told.
public final class GradientAccumulationSchedule: Callback {
    public static let declaration = CallbackDeclaration(
        "gradient_accumulation_schedule", try GradientAccumulationSchedule([1: 1]),
        positional: [
            .required(
                "plan", \.plan.values, .plan(example: example),
                "batches an update by the epoch from which on they hold: \(example)")
        ],
        help: """
            Changes how many batches make one update, from epochs on.
            lune.gradient_accumulation_schedule \(example)
            """
    ) { try GradientAccumulationSchedule($0[\.plan.values]) }

    private static let example = "{ [1] = 1, [5] = 2 }"

    private let plan: EpochPlan

    /// - Parameter batches: batches an update by the epoch from which on they hold; all 1 or more.
    /// - Throws: `TrainingError` for an empty plan, or a number below 1.
    public init(_ batches: [Int: Int]) throws(TrainingError) {
        plan = try EpochPlan(batches, for: "gradient_accumulation_schedule")
    }

    public var name: String { "gradient_accumulation_schedule" }

    public var events: EventSet { [.trainBegin, .epochEnd] }

    public func onTrainBegin(_ logs: Logs, _ run: Run) -> Directive? { directive(run) }

    public func onEpochEnd(_ epoch: Int, _ logs: Logs, _ run: Run) -> Directive? { directive(run) }

    private func directive(_ run: Run) -> Directive? {
        plan.value(after: run.epoch).flatMap { $0 == run.params.accumulate ? nil : .accumulate($0) }
    }
}
