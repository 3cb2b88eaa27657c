import Glibc
public import PeriluneGraph
public import PeriluneItems

/// LAMB (You et al. 2020, algorithm 2): the step of Adam, `r = m̂/(√v̂ + ε)` with both moments corrected, scaled for
/// each weight: `w ← w − lr·‖w‖/‖r‖·r`. The scale is 1 where either norm is 0. Weight decay is decoupled and not part
/// of `r`, as in Keras; the paper has it there.
/// Sources: https://arxiv.org/abs/1904.00962, https://keras.io/api/optimizers/lamb/
public struct Lamb: UpdateRule {
    public static let declaration = OptimizerDeclaration(
        optimizer: "lamb", try .lamb(), own: [.beta1, .beta2, .epsilon],
        help: "Adam with steps in proportion to each weight's norm (You et al. 2020)."
    ) { options, common in
        try .lamb(
            learningRate: common.rate, beta1: options[\.beta1], beta2: options[\.beta2], epsilon: options[\.epsilon],
            weightDecay: common.weightDecay, clipping: common.clipping, schedule: common.schedule)
    }

    /// Decay of the first moment, from 0 up to, and not including, 1.
    public let beta1: Double
    /// Decay of the second moment, from 0 up to, and not including, 1.
    public let beta2: Double
    /// 0 or more.
    public let epsilon: Double

    public init(beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-7) {
        self.beta1 = beta1
        self.beta2 = beta2
        self.epsilon = epsilon
    }

    public var name: String { "lamb" }

    public var hyperparameters: [Hyperparameter] {
        [
            Hyperparameter("beta_1", beta1, .fraction), Hyperparameter("beta_2", beta2, .fraction),
            Hyperparameter("epsilon", epsilon, .nonNegative),
        ]
    }

    public var scalarCount: Int { 8 }
    public var rateScalar: Int { 4 }

    public func slots(of parameter: TrainedParameter, values: UpdateValues) -> [SlotDeclaration] {
        [SlotDeclaration("momentum"), SlotDeclaration("velocity")]
    }

    public func fillScalars(_ scalars: inout [Float], at offset: Int, step: Int, values: UpdateValues) {
        let (beta1, beta2) = (values.own[0], values.own[1])
        scalars[offset] = Float(beta1)
        scalars[offset + 1] = Float(1 - beta1)
        scalars[offset + 2] = Float(beta2)
        scalars[offset + 3] = Float(1 - beta2)
        scalars[offset + 4] = Float(values.learningRate)
        scalars[offset + 5] = Float(1 / (1 - pow(beta1, Double(step))))
        scalars[offset + 6] = Float(1 / (1 - pow(beta2, Double(step))).squareRoot())
        scalars[offset + 7] = Float(values.own[2])
    }

    public func update(
        _ parameter: SymbolicTensor, of description: TrainedParameter, gradient: SymbolicTensor,
        slots: [SymbolicTensor], scalars: [SymbolicTensor], values: UpdateValues
    ) throws -> (parameter: SymbolicTensor, slots: [SymbolicTensor]) {
        let first = try slots[0] * scalars[0] + gradient * scalars[1]
        let second = try slots[1] * scalars[2] + gradient.squared() * scalars[3]
        let step = try first * scalars[5] / (second.squareRoot() * scalars[6] + scalars[7])
        let (size, length) = try (parameter.squared().sum().squareRoot(), step.squared().sum().squareRoot())
        let one = parameter.builder.fill(1)
        let trust = try size.combined(.greater, 0).select(
            length.combined(.greater, 0).select(size / length, one), one)
        return (try parameter - step * (trust * scalars[4]), [first, second])
    }
}

extension Optimizer {
    /// LAMB with Keras's defaults. - Throws: `TrainingError` for a value out of range.
    public static func lamb(
        learningRate: Double = 0.001, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-7,
        weightDecay: Double? = nil, clipping: GradientClipping = GradientClipping(), schedule: (any Schedule)? = nil
    ) throws(TrainingError) -> Optimizer {
        try Optimizer(
            Lamb(beta1: beta1, beta2: beta2, epsilon: epsilon), learningRate: learningRate, schedule: schedule,
            weightDecay: weightDecay, clipping: clipping)
    }
}
