public import PeriluneGraph
public import PeriluneItems

/// Lion (Chen et al. 2023, algorithm 2): `w ← w − lr·sign(β₁m + (1−β₁)g)`, then `m ← β₂m + (1−β₂)g`.
/// Sources: https://arxiv.org/abs/2302.06675, https://keras.io/api/optimizers/lion/
public struct Lion: UpdateRule {
    public static let declaration = OptimizerDeclaration(
        optimizer: "lion", try .lion(),
        own: [
            .optional(
                "beta_1", \.beta1, .number(NumberRange(lowest: 0, highest: 1, includesLowest: false)),
                "the mean's share in the step"),
            .optional("beta_2", \.beta2, .number(.within(0..<1)), "decay of the mean"),
        ],
        help: "Steps by the signs of a mix of gradient and mean (Chen et al. 2023)."
    ) { options, common in
        try .lion(
            learningRate: common.rate, beta1: options[\.beta1], beta2: options[\.beta2],
            weightDecay: common.weightDecay, clipping: common.clipping, schedule: common.schedule)
    }

    /// The mean's share in the step, above 0 up to 1.
    public let beta1: Double
    /// Decay of the mean, from 0 up to, and not including, 1.
    public let beta2: Double

    public init(beta1: Double = 0.9, beta2: Double = 0.99) {
        self.beta1 = beta1
        self.beta2 = beta2
    }

    public var name: String { "lion" }
    public var hyperparameters: [Hyperparameter] {
        [Hyperparameter("beta_1", beta1, .share), Hyperparameter("beta_2", beta2, .fraction)]
    }
    public var scalarCount: Int { 5 }
    public var rateScalar: Int { 0 }

    public func slots(of parameter: TrainedParameter, values: UpdateValues) -> [SlotDeclaration] {
        [SlotDeclaration("momentum")]
    }

    public func fillScalars(_ scalars: inout [Float], at offset: Int, step: Int, values: UpdateValues) {
        scalars[offset] = Float(values.learningRate)
        scalars[offset + 1] = Float(values.own[0])
        scalars[offset + 2] = Float(1 - values.own[0])
        scalars[offset + 3] = Float(values.own[1])
        scalars[offset + 4] = Float(1 - values.own[1])
    }

    public func update(
        _ parameter: SymbolicTensor, of description: TrainedParameter, gradient: SymbolicTensor,
        slots: [SymbolicTensor], scalars: [SymbolicTensor], values: UpdateValues
    ) throws -> (parameter: SymbolicTensor, slots: [SymbolicTensor]) {
        let direction = try (slots[0] * scalars[1] + gradient * scalars[2]).applying(.sign)
        let mean = try slots[0] * scalars[3] + gradient * scalars[4]
        return (try parameter - direction * scalars[0], [mean])
    }
}

extension Optimizer {
    /// Lion with Keras's defaults. - Throws: `TrainingError` for a value out of range.
    public static func lion(
        learningRate: Double = 0.001, beta1: Double = 0.9, beta2: Double = 0.99, weightDecay: Double? = nil,
        clipping: GradientClipping = GradientClipping(), schedule: (any Schedule)? = nil
    ) throws(TrainingError) -> Optimizer {
        try Optimizer(
            Lion(beta1: beta1, beta2: beta2), learningRate: learningRate, schedule: schedule,
            weightDecay: weightDecay, clipping: clipping)
    }
}
