public import PeriluneGraph
public import PeriluneItems

/// Adagrad (Duchi, Hazan and Singer 2011): `a ← a + g²`, `w ← w − lr·g/√(a + ε)`, the form of
/// https://keras.io/api/optimizers/adagrad/ ; PyTorch has ε outside the root.
public struct Adagrad: UpdateRule {
    public static let declaration = OptimizerDeclaration(
        optimizer: "adagrad", try .adagrad(),
        own: [
            .initialAccumulator, .epsilon,
        ],
        help: "Divides by the sum of squares so far (Duchi et al. 2011)."
    ) { options, common in
        try .adagrad(
            learningRate: common.rate, initialAccumulator: options[\.initialAccumulator], epsilon: options[\.epsilon],
            weightDecay: common.weightDecay, clipping: common.clipping, schedule: common.schedule)
    }

    /// What the sums of squares start from, 0 or more.
    public let initialAccumulator: Double
    /// 0 or more.
    public let epsilon: Double

    public init(initialAccumulator: Double = 0.1, epsilon: Double = 1e-7) {
        self.initialAccumulator = initialAccumulator
        self.epsilon = epsilon
    }

    public var name: String { "adagrad" }
    public var hyperparameters: [Hyperparameter] { [Hyperparameter("epsilon", epsilon, .nonNegative)] }
    public var fixedOptions: [String: OptionValue] { ["initial_accumulator_value": .number(initialAccumulator)] }
    public var scalarCount: Int { 2 }
    public var rateScalar: Int { 0 }

    public func slots(of parameter: TrainedParameter, values: UpdateValues) -> [SlotDeclaration] {
        [SlotDeclaration("accumulator", initial: .value(Float(initialAccumulator)))]
    }

    public func fillScalars(_ scalars: inout [Float], at offset: Int, step: Int, values: UpdateValues) {
        scalars[offset] = Float(values.learningRate)
        scalars[offset + 1] = Float(values.own[0])
    }

    public func update(
        _ parameter: SymbolicTensor, of description: TrainedParameter, gradient: SymbolicTensor,
        slots: [SymbolicTensor], scalars: [SymbolicTensor], values: UpdateValues
    ) throws -> (parameter: SymbolicTensor, slots: [SymbolicTensor]) {
        let sum = try slots[0] + gradient.squared()
        return (try parameter - gradient * scalars[0] / (sum + scalars[1]).squareRoot(), [sum])
    }
}

extension Optimizer {
    /// Adagrad with Keras's defaults. - Throws: `TrainingError` for a value out of range.
    public static func adagrad(
        learningRate: Double = 0.001, initialAccumulator: Double = 0.1, epsilon: Double = 1e-7,
        weightDecay: Double? = nil, clipping: GradientClipping = GradientClipping(), schedule: (any Schedule)? = nil
    ) throws(TrainingError) -> Optimizer {
        try OptionCheck("adagrad").nonNegative("initial_accumulator_value", initialAccumulator)
        return try Optimizer(
            Adagrad(initialAccumulator: initialAccumulator, epsilon: epsilon), learningRate: learningRate,
            schedule: schedule, weightDecay: weightDecay, clipping: clipping)
    }
}
