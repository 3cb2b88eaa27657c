import Glibc
public import PeriluneGraph
public import PeriluneItems

/// Adamax (Kingma and Ba 2015, algorithm 2): `m ← β₁m + (1−β₁)g`, `u ← max(β₂u, |g|)`,
/// `w ← w − lr/(1−β₁ᵗ) · m/(u + ε)`, the form of https://keras.io/api/optimizers/adamax/ ; PyTorch adds ε within the
/// maximum.
public struct Adamax: UpdateRule {
    public static let declaration = OptimizerDeclaration(
        optimizer: "adamax", try .adamax(),
        own: [
            .beta1, .optional("beta_2", \.beta2, .number(.within(0..<1)), "decay of the largest magnitude"), .epsilon,
        ],
        help: "Adam with the largest magnitude in place of the mean square (Kingma and Ba 2014)."
    ) { options, common in
        try .adamax(
            learningRate: common.rate, beta1: options[\.beta1], beta2: options[\.beta2], epsilon: options[\.epsilon],
            weightDecay: common.weightDecay, clipping: common.clipping, schedule: common.schedule)
    }

    /// Decay of the mean, from 0 up to, and not including, 1.
    public let beta1: Double
    /// Decay of the largest magnitude, from 0 up to, and not including, 1.
    public let beta2: Double
    /// 0 or more.
    public let epsilon: Double

    public init(beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-7) {
        self.beta1 = beta1
        self.beta2 = beta2
        self.epsilon = epsilon
    }

    public var name: String { "adamax" }

    public var hyperparameters: [Hyperparameter] {
        [
            Hyperparameter("beta_1", beta1, .fraction), Hyperparameter("beta_2", beta2, .fraction),
            Hyperparameter("epsilon", epsilon, .nonNegative),
        ]
    }

    public var scalarCount: Int { 5 }
    public var rateScalar: Int { 3 }

    public func slots(of parameter: TrainedParameter, values: UpdateValues) -> [SlotDeclaration] {
        [SlotDeclaration("momentum"), SlotDeclaration("norm")]
    }

    public func fillScalars(_ scalars: inout [Float], at offset: Int, step: Int, values: UpdateValues) {
        let beta1 = values.own[0]
        scalars[offset] = Float(beta1)
        scalars[offset + 1] = Float(1 - beta1)
        scalars[offset + 2] = Float(values.own[1])
        scalars[offset + 3] = Float(values.learningRate / (1 - pow(beta1, Double(step))))
        scalars[offset + 4] = Float(values.own[2])
    }

    public func update(
        _ parameter: SymbolicTensor, of description: TrainedParameter, gradient: SymbolicTensor,
        slots: [SymbolicTensor], scalars: [SymbolicTensor], values: UpdateValues
    ) throws -> (parameter: SymbolicTensor, slots: [SymbolicTensor]) {
        let (rate, epsilon) = (scalars[3], scalars[4])
        let mean = try slots[0] * scalars[0] + gradient * scalars[1]
        let largest = try (slots[1] * scalars[2]).combined(.maximum, gradient.absolute())
        return (try parameter - mean * rate / (largest + epsilon), [mean, largest])
    }
}

extension Optimizer {
    /// Adamax with Keras's defaults. - Throws: `TrainingError` for a value out of range.
    public static func adamax(
        learningRate: Double = 0.001, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-7,
        weightDecay: Double? = nil, clipping: GradientClipping = GradientClipping(), schedule: (any Schedule)? = nil
    ) throws(TrainingError) -> Optimizer {
        try Optimizer(
            Adamax(beta1: beta1, beta2: beta2, epsilon: epsilon), learningRate: learningRate, schedule: schedule,
            weightDecay: weightDecay, clipping: clipping)
    }
}
