public import PeriluneGraph
public import PeriluneItems

/// RMSprop (Hinton's lecture 6e), with momentum and centring (Graves 2013) if asked.
///
/// `v ← ρv + (1−ρ)g²`; centred, `a ← ρa + (1−ρ)g` and `a²` is taken off; the step is `lr·g/√(v + ε)`, which momentum
/// accumulates: `b ← momentum·b + step`. ε is within the root as in https://keras.io/api/optimizers/rmsprop/ ; PyTorch
/// has it outside.
public struct RMSprop: UpdateRule {
    public static let declaration = OptimizerDeclaration(
        optimizer: "rmsprop", try .rmsprop(),
        own: [
            .rho, .momentum, .epsilon,
            .optional("centered", \.isCentered, .boolean, "whether to subtract the mean's square"),
        ],
        help: "Divides by a running mean of magnitudes (Tieleman and Hinton 2012)."
    ) { options, common in
        try .rmsprop(
            learningRate: common.rate, rho: options[\.rho], momentum: options[\.momentum], epsilon: options[\.epsilon],
            centered: options[\.isCentered], weightDecay: common.weightDecay, clipping: common.clipping,
            schedule: common.schedule)
    }

    /// Decay of the mean of squares, from 0 up to, and not including, 1.
    public let rho: Double
    /// From 0 up to, and not including, 1.
    public let momentum: Double
    /// 0 or more.
    public let epsilon: Double
    public let centered: Bool

    public init(rho: Double = 0.9, momentum: Double = 0, epsilon: Double = 1e-7, centered: Bool = false) {
        self.rho = rho
        self.momentum = momentum
        self.epsilon = epsilon
        self.centered = centered
    }

    public var name: String { "rmsprop" }

    public var hyperparameters: [Hyperparameter] {
        [
            Hyperparameter("rho", rho, .fraction), Hyperparameter("momentum", momentum, .fraction),
            Hyperparameter("epsilon", epsilon, .nonNegative),
        ]
    }

    public var fixedOptions: [String: OptionValue] { ["centered": .boolean(centered)] }
    public var scalarCount: Int { 5 }
    public var rateScalar: Int { 0 }

    public func slots(of parameter: TrainedParameter, values: UpdateValues) -> [SlotDeclaration] {
        [SlotDeclaration("velocity")] + (centered ? [SlotDeclaration("average_gradient")] : [])
            + (values.isUsed[1] ? [SlotDeclaration("momentum")] : [])
    }

    public func fillScalars(_ scalars: inout [Float], at offset: Int, step: Int, values: UpdateValues) {
        scalars[offset] = Float(values.learningRate)
        scalars[offset + 1] = Float(values.own[0])
        scalars[offset + 2] = Float(1 - values.own[0])
        scalars[offset + 3] = Float(values.own[1])
        scalars[offset + 4] = Float(values.own[2])
    }

    public func update(
        _ parameter: SymbolicTensor, of description: TrainedParameter, gradient: SymbolicTensor,
        slots: [SymbolicTensor], scalars: [SymbolicTensor], values: UpdateValues
    ) throws -> (parameter: SymbolicTensor, slots: [SymbolicTensor]) {
        let (rate, rho, rest, momentum, epsilon) = (scalars[0], scalars[1], scalars[2], scalars[3], scalars[4])
        let squares = try slots[0] * rho + gradient.squared() * rest
        var states = [squares]
        var variance = squares
        if centered {
            let average = try slots[1] * rho + gradient * rest
            states.append(average)
            // Rounding must not make it negative where the gradient hardly changes.
            variance = try (squares - average.squared()).maximum(0)
        }
        var step = try gradient * rate / (variance + epsilon).squareRoot()
        if values.isUsed[1] {
            step = try slots[states.count] * momentum + step
            states.append(step)
        }
        return (try parameter - step, states)
    }
}

extension Optimizer {
    /// RMSprop with Keras's defaults. - Throws: `TrainingError` for a value out of range.
    public static func rmsprop(
        learningRate: Double = 0.001, rho: Double = 0.9, momentum: Double = 0, epsilon: Double = 1e-7,
        centered: Bool = false, weightDecay: Double? = nil, clipping: GradientClipping = GradientClipping(),
        schedule: (any Schedule)? = nil
    ) throws(TrainingError) -> Optimizer {
        try Optimizer(
            RMSprop(rho: rho, momentum: momentum, epsilon: epsilon, centered: centered), learningRate: learningRate,
            schedule: schedule, weightDecay: weightDecay, clipping: clipping)
    }
}

extension Optimizer {
    fileprivate var isCentered: Bool { flag("centered") }
}
