public import PeriluneGraph
public import PeriluneItems

/// Follow the regularized leader, with shrinkage (McMahan et al. 2013, algorithm 1), in the form of
/// https://keras.io/api/optimizers/ftrl/ . With `p = −learning_rate_power` and `g' = g + 2·l2_shrinkage·w`:
/// `n' = n + g²`, `z ← z + g' − (n'ᵖ − nᵖ)/lr·w`, `w ← (clip(z, −l1, l1) − z) / (n'ᵖ/lr + 2·l2 + β/lr)`, `n ← n'`.
///
/// A learning rate of 0 leaves everything as it is, where Keras divides by it; so does a weight whose divisor is 0,
/// which has had no gradient yet.
public struct Ftrl: UpdateRule {
    public static let declaration = OptimizerDeclaration(
        optimizer: "ftrl", try .ftrl(),
        own: [
            .optional(
                "learning_rate_power", \.ratePower, .number(NumberRange(highest: 0)),
                "how rates fall with the sums of squares; 0: not at all"),
            .initialAccumulator,
            .optional("l1_regularization_strength", \.l1, .number(.atLeast(0)), "pulls weights to exactly 0"),
            .optional("l2_regularization_strength", \.l2, .number(.atLeast(0)), "pulls weights towards 0"),
            .optional(
                "l2_shrinkage_regularization_strength", \.l2Shrinkage, .number(.atLeast(0)),
                "pulls weights towards 0 by way of the gradient"),
            .optional("beta", \.beta, .number(.atLeast(0)), "added to the root of the sums"),
        ],
        help: "Follows the regularized leader, for sparse weights (McMahan et al. 2013)."
    ) { options, common in
        let rule = try Ftrl(
            learningRatePower: options[\.ratePower], initialAccumulator: options[\.initialAccumulator],
            l1: options[\.l1], l2: options[\.l2], l2Shrinkage: options[\.l2Shrinkage], beta: options[\.beta])
        return try .ftrl(
            rule, learningRate: common.rate, weightDecay: common.weightDecay, clipping: common.clipping,
            schedule: common.schedule)
    }

    /// 0 or less.
    public let learningRatePower: Double
    /// What the sums of squares start from, 0 or more.
    public let initialAccumulator: Double
    /// 0 or more, as the next three.
    public let l1: Double
    public let l2: Double
    public let l2Shrinkage: Double
    public let beta: Double

    public init(
        learningRatePower: Double = -0.5, initialAccumulator: Double = 0.1, l1: Double = 0, l2: Double = 0,
        l2Shrinkage: Double = 0, beta: Double = 0
    ) {
        (self.learningRatePower, self.initialAccumulator) = (learningRatePower, initialAccumulator)
        (self.l1, self.l2, self.l2Shrinkage, self.beta) = (l1, l2, l2Shrinkage, beta)
    }

    public var name: String { "ftrl" }

    public var hyperparameters: [Hyperparameter] {
        [
            Hyperparameter("l1_regularization_strength", l1, .nonNegative),
            Hyperparameter("l2_regularization_strength", l2, .nonNegative),
            Hyperparameter("l2_shrinkage_regularization_strength", l2Shrinkage, .nonNegative),
            Hyperparameter("beta", beta, .nonNegative),
        ]
    }

    public var fixedOptions: [String: OptionValue] {
        [
            "learning_rate_power": .number(learningRatePower),
            "initial_accumulator_value": .number(initialAccumulator),
        ]
    }

    public var scalarCount: Int { 5 }
    public var rateScalar: Int { 0 }

    public func slots(of parameter: TrainedParameter, values: UpdateValues) -> [SlotDeclaration] {
        [SlotDeclaration("accumulator", initial: .value(Float(initialAccumulator))), SlotDeclaration("linear")]
    }

    public func fillScalars(_ scalars: inout [Float], at offset: Int, step: Int, values: UpdateValues) {
        scalars[offset] = Float(values.learningRate)
        scalars[offset + 1] = Float(values.own[0])
        scalars[offset + 2] = Float(2 * values.own[1])
        scalars[offset + 3] = Float(2 * values.own[2])
        scalars[offset + 4] = Float(values.own[3])
    }

    public func update(
        _ parameter: SymbolicTensor, of description: TrainedParameter, gradient: SymbolicTensor,
        slots: [SymbolicTensor], scalars: [SymbolicTensor], values: UpdateValues
    ) throws -> (parameter: SymbolicTensor, slots: [SymbolicTensor]) {
        let (rate, l1, l2, shrinkage, beta) = (scalars[0], scalars[1], scalars[2], scalars[3], scalars[4])
        func powered(_ sum: SymbolicTensor) throws -> SymbolicTensor {
            try learningRatePower == -0.5 ? sum.squareRoot() : sum.power(Float(-learningRatePower))
        }
        let sum = try slots[0] + gradient.squared()
        let root = try powered(sum)
        let linear = try slots[1] + gradient + parameter * shrinkage - (root - powered(slots[0])) / rate * parameter
        let divisor = try root / rate + (l2 + beta / rate)
        let clipped = try linear.combined(.minimum, l1).combined(.maximum, -l1)
        let solved = try divisor.combined(.equal, 0).select(parameter, (clipped - linear) / divisor)
        let moves = try rate.combined(.greater, 0)
        return (
            try moves.select(solved, parameter), [try moves.select(sum, slots[0]), try moves.select(linear, slots[1])]
        )
    }
}

extension Optimizer {
    /// FTRL with Keras's defaults. - Throws: `TrainingError` for a value out of range.
    public static func ftrl(
        _ rule: Ftrl = Ftrl(), learningRate: Double = 0.001, weightDecay: Double? = nil,
        clipping: GradientClipping = GradientClipping(), schedule: (any Schedule)? = nil
    ) throws(TrainingError) -> Optimizer {
        let (check, power) = (OptionCheck(rule.name), rule.learningRatePower)
        try check.require(power.isFinite && power <= 0, "learning_rate_power", "a finite number of 0 or less", power)
        try check.nonNegative("initial_accumulator_value", rule.initialAccumulator)
        return try Optimizer(
            rule, learningRate: learningRate, schedule: schedule, weightDecay: weightDecay, clipping: clipping)
    }
}

extension Optimizer {
    fileprivate var ratePower: Double { number("learning_rate_power") ?? 0 }
    fileprivate var l1: Double { value(of: "l1_regularization_strength") ?? 0 }
    fileprivate var l2: Double { value(of: "l2_regularization_strength") ?? 0 }
    fileprivate var l2Shrinkage: Double { value(of: "l2_shrinkage_regularization_strength") ?? 0 }
    fileprivate var beta: Double { value(of: "beta") ?? 0 }
}
