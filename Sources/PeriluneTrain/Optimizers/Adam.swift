import Glibc
public import PeriluneGraph
public import PeriluneItems

/// Adam (Kingma and Ba 2015, algorithm 1), in the form of PyTorch: `m ← β₁m + (1−β₁)g`, `v ← β₂v + (1−β₂)g²`,
/// `w ← w − lr/(1−β₁ᵗ) · m / (√v/√(1−β₂ᵗ) + ε)`.
///
/// Keras adds ε before the bias correction; the two differ by what the correction makes of ε in the first steps.
/// With `amsgrad` (Reddi, Kale and Kumar 2018) the largest `v` so far stands in its place in the step.
/// Source: https://pytorch.org/docs/stable/generated/torch.optim.Adam.html
public struct Adam: UpdateRule {
    public static let declaration = OptimizerDeclaration(
        optimizer: "adam", try .adam(), own: [.beta1, .beta2, .epsilon, .amsgrad], help: "Adam (Kingma and Ba 2014)."
    ) { options, common in
        try .adam(
            learningRate: common.rate, beta1: options[\.beta1], beta2: options[\.beta2], epsilon: options[\.epsilon],
            amsgrad: options[\.keepsLargest], weightDecay: common.weightDecay, clipping: common.clipping,
            schedule: common.schedule)
    }

    /// Decay of the first moment, from 0 up to, and not including, 1.
    public let beta1: Double
    /// Decay of the second moment, from 0 up to, and not including, 1.
    public let beta2: Double
    /// 0 or more.
    public let epsilon: Double
    public let amsgrad: Bool
    /// Keras's class name in snake_case.
    public let name: String

    public init(
        beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-7, amsgrad: Bool = false, name: String = "adam"
    ) {
        self.beta1 = beta1
        self.beta2 = beta2
        self.epsilon = epsilon
        self.amsgrad = amsgrad
        self.name = name
    }

    public var hyperparameters: [Hyperparameter] {
        [
            Hyperparameter("beta_1", beta1, .fraction), Hyperparameter("beta_2", beta2, .fraction),
            Hyperparameter("epsilon", epsilon, .nonNegative),
        ]
    }

    public var fixedOptions: [String: OptionValue] { ["amsgrad": .boolean(amsgrad)] }
    public var scalarCount: Int { 7 }
    public var rateScalar: Int { 4 }

    public func slots(of parameter: TrainedParameter, values: UpdateValues) -> [SlotDeclaration] {
        [SlotDeclaration("momentum"), SlotDeclaration("velocity")]
            + (amsgrad ? [SlotDeclaration("velocity_hat")] : [])
    }

    public func fillScalars(_ scalars: inout [Float], at offset: Int, step: Int, values: UpdateValues) {
        let (beta1, beta2) = (values.own[0], values.own[1])
        scalars[offset] = Float(beta1)
        scalars[offset + 1] = Float(1 - beta1)
        scalars[offset + 2] = Float(beta2)
        scalars[offset + 3] = Float(1 - beta2)
        scalars[offset + 4] = Float(values.learningRate / (1 - pow(beta1, Double(step))))
        scalars[offset + 5] = Float(1 / (1 - pow(beta2, Double(step))).squareRoot())
        scalars[offset + 6] = Float(values.own[2])
    }

    public func update(
        _ parameter: SymbolicTensor, of description: TrainedParameter, gradient: SymbolicTensor,
        slots: [SymbolicTensor], scalars: [SymbolicTensor], values: UpdateValues
    ) throws -> (parameter: SymbolicTensor, slots: [SymbolicTensor]) {
        let (rate, correction, epsilon) = (scalars[4], scalars[5], scalars[6])
        let first = try slots[0] * scalars[0] + gradient * scalars[1]
        let second = try slots[1] * scalars[2] + gradient.squared() * scalars[3]
        let largest = amsgrad ? try slots[2].combined(.maximum, second) : second
        let denominator = try largest.squareRoot() * correction + epsilon
        return (try parameter - first * rate / denominator, [first, second] + (amsgrad ? [largest] : []))
    }
}

extension Optimizer {
    /// Adam with Keras's defaults. - Throws: `TrainingError` for a value out of range.
    public static func adam(
        learningRate: Double = 0.001, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-7,
        amsgrad: Bool = false, weightDecay: Double? = nil, clipping: GradientClipping = GradientClipping(),
        schedule: (any Schedule)? = nil
    ) throws(TrainingError) -> Optimizer {
        try Optimizer(
            Adam(beta1: beta1, beta2: beta2, epsilon: epsilon, amsgrad: amsgrad), learningRate: learningRate,
            schedule: schedule, weightDecay: weightDecay, clipping: clipping)
    }
}
