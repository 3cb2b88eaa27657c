import Glibc
public import PeriluneGraph
public import PeriluneItems

/// Schedule-free AdamW (Defazio et al. 2024), in the form of https://keras.io/api/optimizers/ : the weights are the
/// point `y` where gradients are taken, between `z`, which steps, and the average `x` of what `z` was.
///
/// `v ← β₂v + (1−β₂)g²`, `x = (y − (1−β₁)z)/β₁`, `z ← z − lr·g/(√(v/(1−β₂ᵗ)) + ε)`, `x ← (1−1/t)x + z/t`,
/// `y ← (1−β₁)z + β₁x`, with the learning rate growing in a straight line over the first `warmup_steps`. As in Keras
/// evaluations are made with `y` too, and weight decay, off by default, shrinks `y` before the step.
/// Source: https://arxiv.org/abs/2405.15682
public struct ScheduleFreeAdamW: UpdateRule {
    public static let declaration = OptimizerDeclaration(
        optimizer: "schedule_free_adamw", try .scheduleFreeAdamW(),
        own: [
            .optional(
                "beta_1", \.beta1,
                .number(NumberRange(lowest: 0, highest: 1, includesLowest: false, includesHighest: false)),
                "the average's share in the weights"),
            .beta2, .epsilon,
            .optional("warmup_steps", \.warmupSteps, .count(atLeast: 0), "steps in which the rate grows to its full"),
        ],
        help: "AdamW with an average in place of a schedule (Defazio et al. 2024)."
    ) { options, common in
        try .scheduleFreeAdamW(
            learningRate: common.rate, beta1: options[\.beta1], beta2: options[\.beta2], epsilon: options[\.epsilon],
            warmupSteps: options[\.warmupSteps], weightDecay: common.weightDecay, clipping: common.clipping,
            schedule: common.schedule)
    }

    /// The average's share in the weights, above 0 and below 1.
    public let beta1: Double
    /// Decay of the second moment, from 0 up to, and not including, 1.
    public let beta2: Double
    /// 0 or more.
    public let epsilon: Double
    /// 0 or more.
    public let warmupSteps: Int

    public init(beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8, warmupSteps: Int = 0) {
        self.beta1 = beta1
        self.beta2 = beta2
        self.epsilon = epsilon
        self.warmupSteps = warmupSteps
    }

    public var name: String { "schedule_free_adamw" }

    public var hyperparameters: [Hyperparameter] {
        [
            Hyperparameter("beta_1", beta1, .openFraction), Hyperparameter("beta_2", beta2, .fraction),
            Hyperparameter("epsilon", epsilon, .nonNegative),
        ]
    }

    public var fixedOptions: [String: OptionValue] { ["warmup_steps": .integer(warmupSteps)] }
    public var scalarCount: Int { 9 }
    public var rateScalar: Int { 0 }

    /// `z` has Keras's name.
    public func slots(of parameter: TrainedParameter, values: UpdateValues) -> [SlotDeclaration] {
        [SlotDeclaration("momentum", initial: .parameter), SlotDeclaration("velocity")]
    }

    public func fillScalars(_ scalars: inout [Float], at offset: Int, step: Int, values: UpdateValues) {
        let (beta1, beta2, step) = (values.own[0], values.own[1], Double(step))
        let warmth = warmupSteps > 0 ? min(step / Double(warmupSteps), 1) : 1
        scalars[offset] = Float(values.learningRate * warmth)
        scalars[offset + 1] = Float(beta1)
        scalars[offset + 2] = Float(1 - beta1)
        scalars[offset + 3] = Float(beta2)
        scalars[offset + 4] = Float(1 - beta2)
        scalars[offset + 5] = Float(1 / (1 - pow(beta2, step)).squareRoot())
        scalars[offset + 6] = Float(values.own[2])
        scalars[offset + 7] = Float(1 / step)
        scalars[offset + 8] = Float(1 - 1 / step)
    }

    public func update(
        _ parameter: SymbolicTensor, of description: TrainedParameter, gradient: SymbolicTensor,
        slots: [SymbolicTensor], scalars: [SymbolicTensor], values: UpdateValues
    ) throws -> (parameter: SymbolicTensor, slots: [SymbolicTensor]) {
        let (rate, beta, rest) = (scalars[0], scalars[1], scalars[2])
        let second = try slots[1] * scalars[3] + gradient.squared() * scalars[4]
        let average = try (parameter - slots[0] * rest) / beta
        let moved = try slots[0] - gradient * rate / (second.squareRoot() * scalars[5] + scalars[6])
        let newAverage = try average * scalars[8] + moved * scalars[7]
        return (try moved * rest + newAverage * beta, [moved, second])
    }
}

extension Optimizer {
    /// Schedule-free AdamW with Keras's defaults. - Throws: `TrainingError` for a value out of range.
    public static func scheduleFreeAdamW(
        learningRate: Double = 0.0025, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8,
        warmupSteps: Int = 0, weightDecay: Double? = nil, clipping: GradientClipping = GradientClipping(),
        schedule: (any Schedule)? = nil
    ) throws(TrainingError) -> Optimizer {
        try OptionCheck("schedule_free_adamw").nonNegative("warmup_steps", warmupSteps)
        return try Optimizer(
            ScheduleFreeAdamW(beta1: beta1, beta2: beta2, epsilon: epsilon, warmupSteps: warmupSteps),
            learningRate: learningRate, schedule: schedule, weightDecay: weightDecay, clipping: clipping)
    }
}

extension Optimizer {
    fileprivate var warmupSteps: Int { whole("warmup_steps") ?? 0 }
}
