public import PeriluneGraph
public import PeriluneItems

/// Stochastic gradient descent, with momentum and Nesterov's look-ahead if asked.
///
/// `v ← momentum·v − lr·g`, then `w ← w + v`, or with Nesterov `w ← w + momentum·v − lr·g` (the form of
/// https://keras.io/api/optimizers/sgd/). While the learning rate is constant this equals PyTorch's `SGD` with zero
/// dampening; when it changes, Keras's velocity keeps the old rate's share.
public struct SGD: UpdateRule {
    public static let declaration = OptimizerDeclaration(
        optimizer: "sgd", try .sgd(),
        own: [.momentum, .nesterov],
        help: "Stochastic gradient descent, with momentum if asked."
    ) { options, common in
        try .sgd(
            learningRate: common.rate, momentum: options[\.momentum], nesterov: options[\.looksAhead],
            weightDecay: common.weightDecay, clipping: common.clipping, schedule: common.schedule)
    }

    /// From 0 up to, and not including, 1.
    public let momentum: Double
    public let nesterov: Bool

    public init(momentum: Double = 0, nesterov: Bool = false) {
        self.momentum = momentum
        self.nesterov = nesterov
    }

    public var name: String { "sgd" }
    public var hyperparameters: [Hyperparameter] { [Hyperparameter("momentum", momentum, .fraction)] }
    public var fixedOptions: [String: OptionValue] { ["nesterov": .boolean(nesterov)] }
    public var scalarCount: Int { 2 }
    public var rateScalar: Int { 0 }

    public func slots(of parameter: TrainedParameter, values: UpdateValues) -> [SlotDeclaration] {
        values.isUsed[0] ? [SlotDeclaration("momentum")] : []
    }

    public func fillScalars(_ scalars: inout [Float], at offset: Int, step: Int, values: UpdateValues) {
        scalars[offset] = Float(values.learningRate)
        scalars[offset + 1] = Float(values.own[0])
    }

    public func update(
        _ parameter: SymbolicTensor, of description: TrainedParameter, gradient: SymbolicTensor,
        slots: [SymbolicTensor], scalars: [SymbolicTensor], values: UpdateValues
    ) throws -> (parameter: SymbolicTensor, slots: [SymbolicTensor]) {
        let (rate, momentum) = (scalars[0], scalars[1])
        let step = try gradient * rate
        guard values.isUsed[0] else { return (try parameter - step, []) }
        let velocity = try slots[0] * momentum - step
        return (nesterov ? try parameter + velocity * momentum - step : try parameter + velocity, [velocity])
    }
}

extension Optimizer {
    /// SGD with Keras's defaults. - Throws: `TrainingError` for a value out of range.
    public static func sgd(
        learningRate: Double = 0.01, momentum: Double = 0, nesterov: Bool = false, weightDecay: Double? = nil,
        clipping: GradientClipping = GradientClipping(), schedule: (any Schedule)? = nil
    ) throws(TrainingError) -> Optimizer {
        try Optimizer(
            SGD(momentum: momentum, nesterov: nesterov), learningRate: learningRate, schedule: schedule,
            weightDecay: weightDecay, clipping: clipping)
    }
}
