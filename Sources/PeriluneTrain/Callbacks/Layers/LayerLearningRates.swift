public import PeriluneItems

/// Multiplies the learning rate for layers, by patterns of their names: discriminative learning rates.
///
/// Howard and Ruder 2018, "Universal Language Model Fine-tuning for Text Classification"
/// (https://arxiv.org/abs/1801.06146). A factor counts for a layer and all within it that have none of their own;
/// decoupled weight decay, which goes with the learning rate, is multiplied too. Factors are part of the compiled step.
/// When the run ends, they are gone.
public final class LayerLearningRates: Callback {
    public static let declaration = CallbackDeclaration(
        "layer_learning_rates", try LayerLearningRates(["*": 1]),
        positional: [
            .required(
                "patterns", \.factors.values, .map(.number(.atLeast(0))),
                "by patterns of layer names, what the learning rate is multiplied with")
        ],
        help: """
            Learning rates of their own for layers.
            lune.layer_learning_rates { ["conv*"] = 0.1 }
            """
    ) { try LayerLearningRates($0[\.factors.values]) }

    private let factors: LayerPatterns<Double>
    private var active: [String: Double] = [:]

    /// - Parameter factors: what the learning rate is multiplied with; finite, 0 or more.
    /// - Throws: `TrainingError` for a factor out of range.
    public init(_ factors: [String: Double]) throws(TrainingError) {
        let name = "layer_learning_rates"
        guard !factors.isEmpty else { throw TrainingError(.invalidOption, "\(name): no layers are given") }
        for (pattern, factor) in factors.sorted(by: { $0.key < $1.key }) {
            guard Hyperparameter.Range.nonNegative.contains(factor), Float(factor).isFinite else {
                throw TrainingError(
                    .invalidOption,
                    "\(name): the factor for '\(pattern)' must be a finite number of 0 or more, got \(factor)")
            }
        }
        self.factors = LayerPatterns(factors)
    }
}

extension LayerLearningRates {
    public var name: String { "layer_learning_rates" }
    public var identity: CallbackIdentity { CallbackIdentity(kind: name, details: factors.text) }

    public var events: EventSet { [.trainBegin, .trainEnd] }

    public func prepare(for run: Run) throws {
        let layers = run.engine.layerNames
        try factors.check(layers, for: name)
        active = Dictionary(layers.compactMap { layer in factors[layer].map { (layer, $0) } }) { $1 }
    }

    public func onTrainBegin(_ logs: Logs, _ run: Run) throws -> Directive? {
        run.engine.setRateFactors(active.mapValues { Float($0) })
        return nil
    }

    public func onTrainEnd(_ logs: Logs, _ run: Run) throws -> Directive? {
        run.engine.setRateFactors([:])
        return nil
    }

    public var report: [String: StateValue] { ["factors": .record(active.mapValues { .number($0) })] }

    public var savedState: StateValue { .record(active.mapValues { .number($0) }) }

    /// What is given now counts; that it is other than before is worth a remark.
    public func restore(_ state: StateValue, in run: Run) {
        guard state != savedState, run.isResumed else { return }
        run.sayOnce("\(name): other factors than when the checkpoint was written; those of now count")
    }
}
