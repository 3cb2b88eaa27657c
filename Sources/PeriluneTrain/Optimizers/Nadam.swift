import Glibc
public import PeriluneGraph
public import PeriluneItems

/// Adam with Nesterov's momentum (Dozat 2015), in the form of https://keras.io/api/optimizers/nadam/ :
/// `μₜ = β₁(1 − ½·0.96ᵗ)`, `π ← π·μₜ`, `m ← β₁m + (1−β₁)g`, `v ← β₂v + (1−β₂)g²`, and
/// `w ← w − lr·(μₜ₊₁m/(1 − π·μₜ₊₁) + (1−μₜ)g/(1−π)) / (√(v/(1−β₂ᵗ)) + ε)`.
public struct Nadam: UpdateRule {
    public static let declaration = OptimizerDeclaration(
        optimizer: "nadam", try .nadam(), own: [.beta1, .beta2, .epsilon],
        help: "Adam with Nesterov's momentum (Dozat 2015)."
    ) { options, common in
        try .nadam(
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

    public var name: String { "nadam" }

    public var hyperparameters: [Hyperparameter] {
        [
            Hyperparameter("beta_1", beta1, .fraction), Hyperparameter("beta_2", beta2, .fraction),
            Hyperparameter("epsilon", epsilon, .nonNegative),
        ]
    }

    public var scalarCount: Int { 9 }
    public var rateScalar: Int { 4 }

    /// The product of the momenta so far is a state too: it depends on what `beta_1` was at each step.
    public func slots(of parameter: TrainedParameter, values: UpdateValues) -> [SlotDeclaration] {
        [
            SlotDeclaration("momentum"), SlotDeclaration("velocity"),
            SlotDeclaration("momentum_product", shape: .scalar, initial: .value(1)),
        ]
    }

    public func fillScalars(_ scalars: inout [Float], at offset: Int, step: Int, values: UpdateValues) {
        let (beta1, beta2) = (values.own[0], values.own[1])
        func momentum(at step: Int) -> Double { beta1 * (1 - 0.5 * pow(0.96, Double(step))) }
        scalars[offset] = Float(beta1)
        scalars[offset + 1] = Float(1 - beta1)
        scalars[offset + 2] = Float(beta2)
        scalars[offset + 3] = Float(1 - beta2)
        scalars[offset + 4] = Float(values.learningRate)
        scalars[offset + 5] = Float(1 / (1 - pow(beta2, Double(step))).squareRoot())
        scalars[offset + 6] = Float(values.own[2])
        scalars[offset + 7] = Float(momentum(at: step))
        scalars[offset + 8] = Float(momentum(at: step + 1))
    }

    public func update(
        _ parameter: SymbolicTensor, of description: TrainedParameter, gradient: SymbolicTensor,
        slots: [SymbolicTensor], scalars: [SymbolicTensor], values: UpdateValues
    ) throws -> (parameter: SymbolicTensor, slots: [SymbolicTensor]) {
        let (rate, correction, epsilon, now, next) = (scalars[4], scalars[5], scalars[6], scalars[7], scalars[8])
        let first = try slots[0] * scalars[0] + gradient * scalars[1]
        let second = try slots[1] * scalars[2] + gradient.squared() * scalars[3]
        let product = try slots[2] * now
        let ahead = try first * (next / (1 - product * next)) + gradient * ((1 - now) / (1 - product))
        let denominator = try second.squareRoot() * correction + epsilon
        return (try parameter - ahead * rate / denominator, [first, second, product])
    }
}

extension Optimizer {
    /// Nadam with Keras's defaults. - Throws: `TrainingError` for a value out of range.
    public static func nadam(
        learningRate: Double = 0.001, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-7,
        weightDecay: Double? = nil, clipping: GradientClipping = GradientClipping(), schedule: (any Schedule)? = nil
    ) throws(TrainingError) -> Optimizer {
        try Optimizer(
            Nadam(beta1: beta1, beta2: beta2, epsilon: epsilon), learningRate: learningRate, schedule: schedule,
            weightDecay: weightDecay, clipping: clipping)
    }
}
