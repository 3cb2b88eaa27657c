public import PeriluneGraph
public import PeriluneItems

/// Adadelta (Zeiler 2012, algorithm 1), with a learning rate: `a ← ρa + (1−ρ)g²`, `δ = √(d + ε)/√(a + ε) · g`,
/// `d ← ρd + (1−ρ)δ²`, `w ← w − lr·δ`. The paper has a rate of 1; the default is Keras's.
/// Sources: https://arxiv.org/abs/1212.5701, https://keras.io/api/optimizers/adadelta/
public struct Adadelta: UpdateRule {
    public static let declaration = OptimizerDeclaration(
        optimizer: "adadelta", try .adadelta(), own: [.rho, .epsilon],
        help: "Divides by a running mean of magnitudes, and multiplies with that of its steps (Zeiler 2012)."
    ) { options, common in
        try .adadelta(
            learningRate: common.rate, rho: options[\.rho], epsilon: options[\.epsilon],
            weightDecay: common.weightDecay, clipping: common.clipping, schedule: common.schedule)
    }

    /// Decay of both means of squares, from 0 up to, and not including, 1.
    public let rho: Double
    /// 0 or more.
    public let epsilon: Double

    public init(rho: Double = 0.95, epsilon: Double = 1e-7) {
        self.rho = rho
        self.epsilon = epsilon
    }

    public var name: String { "adadelta" }
    public var hyperparameters: [Hyperparameter] {
        [Hyperparameter("rho", rho, .fraction), Hyperparameter("epsilon", epsilon, .nonNegative)]
    }
    public var scalarCount: Int { 4 }
    public var rateScalar: Int { 0 }

    public func slots(of parameter: TrainedParameter, values: UpdateValues) -> [SlotDeclaration] {
        [SlotDeclaration("accumulated_grad"), SlotDeclaration("accumulated_delta_var")]
    }

    public func fillScalars(_ scalars: inout [Float], at offset: Int, step: Int, values: UpdateValues) {
        scalars[offset] = Float(values.learningRate)
        scalars[offset + 1] = Float(values.own[0])
        scalars[offset + 2] = Float(1 - values.own[0])
        scalars[offset + 3] = Float(values.own[1])
    }

    public func update(
        _ parameter: SymbolicTensor, of description: TrainedParameter, gradient: SymbolicTensor,
        slots: [SymbolicTensor], scalars: [SymbolicTensor], values: UpdateValues
    ) throws -> (parameter: SymbolicTensor, slots: [SymbolicTensor]) {
        let (rate, rho, rest, epsilon) = (scalars[0], scalars[1], scalars[2], scalars[3])
        let gradients = try slots[0] * rho + gradient.squared() * rest
        let step = try (slots[1] + epsilon).squareRoot() * gradient / (gradients + epsilon).squareRoot()
        let steps = try slots[1] * rho + step.squared() * rest
        return (try parameter - step * rate, [gradients, steps])
    }
}

extension Optimizer {
    /// Adadelta with Keras's defaults. - Throws: `TrainingError` for a value out of range.
    public static func adadelta(
        learningRate: Double = 0.001, rho: Double = 0.95, epsilon: Double = 1e-7, weightDecay: Double? = nil,
        clipping: GradientClipping = GradientClipping(), schedule: (any Schedule)? = nil
    ) throws(TrainingError) -> Optimizer {
        try Optimizer(
            Adadelta(rho: rho, epsilon: epsilon), learningRate: learningRate, schedule: schedule,
            weightDecay: weightDecay, clipping: clipping)
    }
}
