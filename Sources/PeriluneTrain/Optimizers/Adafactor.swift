import Glibc
public import PeriluneGraph
public import PeriluneItems

/// Adafactor (Shazeer and Stern 2018, algorithms 4 and 5, without momentum), in the form of
/// https://keras.io/api/optimizers/adafactor/ . The mean square of a tensor with two axes or more is kept as the means
/// of its rows and columns, along the last two axes:
///
/// `β̂ = 1 − t^beta_2_decay`, `R ← β̂R + (1−β̂)·mean(g² + ε₁)` along the last axis, `C` likewise along the one before,
/// `v = R·C/mean(R)`; of a vector, `v ← β̂v + (1−β̂)(g² + ε₁)`. Then `u = g/√v` and
/// `w ← w − max(ε₂, rms(w)) · min(lr, 1/√t) · u/max(1, rms(u)/clip_threshold)`.
///
/// Keras takes the smaller of the learning rate and 1/√t whatever its `relative_step` is; that option has no effect
/// there, and is not here.
public struct Adafactor: UpdateRule {
    public static let declaration = OptimizerDeclaration(
        optimizer: "adafactor", try .adafactor(),
        own: [
            .optional(
                "beta_2_decay", \.beta2Decay, .number(NumberRange(highest: 0)),
                "the power of the step number that a gradient's share in the mean square falls with"),
            .optional("epsilon_1", \.epsilon1, .number(.atLeast(0)), "added to squares of gradients"),
            .optional("epsilon_2", \.epsilon2, .number(.atLeast(0)), "the least magnitude that a weight is taken for"),
            .optional("clip_threshold", \.clipThreshold, .number(.above(0)), "the largest magnitude of a step"),
        ],
        help: "Keeps means of rows and columns in place of a mean for each element (Shazeer and Stern 2018)."
    ) { options, common in
        try .adafactor(
            learningRate: common.rate, beta2Decay: options[\.beta2Decay], epsilon1: options[\.epsilon1],
            epsilon2: options[\.epsilon2], clipThreshold: options[\.clipThreshold], weightDecay: common.weightDecay,
            clipping: common.clipping, schedule: common.schedule)
    }

    /// 0 or less.
    public let beta2Decay: Double
    /// 0 or more, as the next one.
    public let epsilon1: Double
    public let epsilon2: Double
    /// Above 0.
    public let clipThreshold: Double

    public init(
        beta2Decay: Double = -0.8, epsilon1: Double = 1e-30, epsilon2: Double = 1e-3, clipThreshold: Double = 1
    ) {
        (self.beta2Decay, self.epsilon1, self.epsilon2) = (beta2Decay, epsilon1, epsilon2)
        self.clipThreshold = clipThreshold
    }

    public var name: String { "adafactor" }

    public var hyperparameters: [Hyperparameter] {
        [
            Hyperparameter("beta_2_decay", beta2Decay, .nonPositive),
            Hyperparameter("epsilon_1", epsilon1, .nonNegative),
            Hyperparameter("epsilon_2", epsilon2, .nonNegative),
            Hyperparameter("clip_threshold", clipThreshold, .positive),
        ]
    }

    public var scalarCount: Int { 7 }
    public var rateScalar: Int { 0 }

    public func slots(of parameter: TrainedParameter, values: UpdateValues) -> [SlotDeclaration] {
        let extents = parameter.shape.dimensions
        guard let columns = extents.last, extents.count >= 2 else { return [SlotDeclaration("velocity")] }
        return [
            SlotDeclaration("row_velocity", shape: Shape(extents.dropLast())),
            SlotDeclaration("column_velocity", shape: Shape(extents.dropLast(2) + [columns])),
        ]
    }

    public func fillScalars(_ scalars: inout [Float], at offset: Int, step: Int, values: UpdateValues) {
        let share = pow(Double(step), values.own[0])
        scalars[offset] = Float(values.learningRate)
        scalars[offset + 1] = Float(1 / Double(step).squareRoot())
        scalars[offset + 2] = Float(1 - share)
        scalars[offset + 3] = Float(share)
        scalars[offset + 4] = Float(values.own[1])
        scalars[offset + 5] = Float(values.own[2])
        scalars[offset + 6] = Float(values.own[3])
    }

    public func update(
        _ parameter: SymbolicTensor, of description: TrainedParameter, gradient: SymbolicTensor,
        slots: [SymbolicTensor], scalars: [SymbolicTensor], values: UpdateValues
    ) throws -> (parameter: SymbolicTensor, slots: [SymbolicTensor]) {
        let (kept, added, threshold) = (scalars[2], scalars[3], scalars[6])
        func magnitude(_ x: SymbolicTensor) throws -> SymbolicTensor { try x.squared().mean().squareRoot() }
        let squares = try gradient.squared() + scalars[4]
        var (variance, states): (SymbolicTensor, [SymbolicTensor])
        if gradient.rank >= 2 {
            let rows = try slots[0] * kept + squares.mean([-1]) * added
            let columns = try slots[1] * kept + squares.mean([-2]) * added
            variance = try (rows / rows.mean([-1], keepingAxes: true)).expandingAxis(-1) * columns.expandingAxis(-2)
            states = [rows, columns]
        } else {
            variance = try slots[0] * kept + squares * added
            states = [variance]
        }
        let step = try gradient / variance.squareRoot()
        let rate = try scalars[0].combined(.minimum, scalars[1])
        let size = try magnitude(parameter).combined(.maximum, scalars[5]) * rate
        return (try parameter - step * (size / (magnitude(step) / threshold).maximum(1)), states)
    }
}

extension Optimizer {
    /// Adafactor with Keras's defaults. - Throws: `TrainingError` for a value out of range.
    public static func adafactor(
        learningRate: Double = 0.001, beta2Decay: Double = -0.8, epsilon1: Double = 1e-30, epsilon2: Double = 1e-3,
        clipThreshold: Double = 1, weightDecay: Double? = nil, clipping: GradientClipping = GradientClipping(),
        schedule: (any Schedule)? = nil
    ) throws(TrainingError) -> Optimizer {
        try Optimizer(
            Adafactor(beta2Decay: beta2Decay, epsilon1: epsilon1, epsilon2: epsilon2, clipThreshold: clipThreshold),
            learningRate: learningRate, schedule: schedule, weightDecay: weightDecay, clipping: clipping)
    }
}

extension Optimizer {
    fileprivate var beta2Decay: Double { value(of: "beta_2_decay") ?? 0 }
    fileprivate var epsilon1: Double { value(of: "epsilon_1") ?? 0 }
    fileprivate var epsilon2: Double { value(of: "epsilon_2") ?? 0 }
    fileprivate var clipThreshold: Double { value(of: "clip_threshold") ?? 0 }
}
