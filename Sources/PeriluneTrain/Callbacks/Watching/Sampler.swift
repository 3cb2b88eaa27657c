public import PeriluneItems

/// Runs a function on the model every so often: prints predictions, draws samples, looks at weights.
///
/// With `.epochs(n)` at the end of each n-th epoch, with `.steps(n)` and `.seconds(s)` at ends of batches. What the
/// function writes to the logs is there like any other number, and what it returns steers the run.
///
/// Cost: that of the function; batches between two cost nothing to speak of.
public final class Sampler: Callback {
    public static let declaration = CallbackDeclaration(
        "sample", try Sampler { _ in nil },
        options: [
            .every(\.every),
            .required(
                "run", \.function, .function { function in { try function.directive(at: $0) } },
                "takes the model and the run; may return what callbacks return"),
        ],
        help: """
            Runs a function on the model every so often.
            lune.sample { every = 5, run = function(model, run) print(run.epoch, model.layers[1].kernel:norm()) end }
            """
    ) { try Sampler(every: $0[\.every], $0[\.function]) }

    /// What is run.
    public typealias Function = (EventContext) throws -> Directive?

    public let every: Frequency
    private let function: Function
    private var lastRun = ContinuousClock.now

    /// - Throws: `TrainingError` for a frequency out of range.
    public init(every: Frequency = .epochs(1), _ function: @escaping Function) throws(TrainingError) {
        try every.check(for: "sample")
        self.every = every
        self.function = function
    }
}

extension Sampler {
    public var name: String { "sample" }

    public var events: EventSet { every.isWithinEpochs ? [.trainBatchEnd] : [.epochEnd] }

    public func prepare(for run: Run) { lastRun = .now }

    public func handle(_ event: Event, _ context: EventContext) throws -> Directive? {
        let run = context.run
        guard !run.isFailing else { return nil }
        guard
            event == .epochEnd
                ? run.batchesTrained > 0 && every.isDue(atEndOf: run.epoch) : every.isDue(after: run, since: lastRun)
        else { return nil }
        lastRun = .now
        return try function(context)
    }
}
