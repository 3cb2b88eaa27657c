/// The exponential moving average that an optimizer keeps of the weights that it trains, as Keras's `use_ema`.
///
/// After each update `average ← momentum · average + (1 − momentum) · weight`, beginning with the weights of the first
/// one. Each `overwriteFrequency` updates the weights become their average, and a fit that is not broken off ends with
/// it, unless a callback averages weights as well or goes back to the best ones: then it ends with those. Evaluations
/// in between see the weights; see `SwapEMAWeights` for an average of all of a model's numbers that they see.
public struct MovingAverage: Hashable, Sendable {
    /// Whether there is one.
    public var isKept: Bool
    /// What stays of the average at an update, from 0 to 1.
    public var momentum: Double
    /// Updates from one to the next at which the weights become their average, 1 or more; nil: only a fit's end.
    public var overwriteFrequency: Int?

    public init(isKept: Bool = false, momentum: Double = 0.99, overwriteFrequency: Int? = nil) {
        self.isKept = isKept
        self.momentum = momentum
        self.overwriteFrequency = overwriteFrequency
    }

    /// Where the optimizer keeps it for each parameter.
    static let slot = SlotDeclaration("average", initial: .parameter)

    /// The run-time scalars that it is made with: what stays of the average, and whether the weights become it.
    enum Scalar: Int, CaseIterable {
        case kept, overwrites

        /// Kept, since each look at `allCases` would allocate.
        static let count = allCases.count
    }

    var scalarCount: Int { isKept ? Scalar.count : 0 }

    /// Writes the scalars of a step, which is 1 for the first.
    func fillScalars(_ scalars: inout [Float], at offset: Int, step: Int) {
        guard isKept else { return }
        scalars[offset + Scalar.kept.rawValue] = step == 1 ? 0 : Float(momentum)
        scalars[offset + Scalar.overwrites.rawValue] = step % (overwriteFrequency ?? .max) == 0 ? 1 : 0
    }

    /// - Throws: `TrainingError` for a value out of range.
    func check(for optimizer: String) throws(TrainingError) {
        let check = OptionCheck(optimizer)
        try check.require(momentum >= 0 && momentum <= 1, "ema_momentum", "a number from 0 to 1", momentum)
        if let overwriteFrequency { try check.positive("ema_overwrite_frequency", overwriteFrequency) }
    }
}

extension Optimizer {
    /// Keeps a moving average of the weights from the next step on, or none.
    /// - Throws: `TrainingError` for a value out of range.
    public func setMovingAverage(_ average: MovingAverage) throws(TrainingError) {
        try average.check(for: name)
        changingStructure { movingAverage = average }
    }

    /// Multiplies the loss with `factor` where gradients are taken, and divides these by it, so that small ones do not
    /// vanish in between; nil: neither.
    /// - Throws: `TrainingError` unless it is finite and above 0, in single precision too.
    public func setLossScaleFactor(_ factor: Double?) throws(TrainingError) {
        if let factor {
            try OptionCheck(name).require(
                Hyperparameter.Range.positive.contains(factor) && Float(factor).isNormal, "loss_scale_factor",
                "a number above 0 that single precision can hold", factor)
        }
        changingStructure { lossScaleFactor = factor }
    }
}

// What options describe of it.
extension Optimizer {
    var keepsAverage: Bool { movingAverage.isKept }
    var averageMomentum: Double { movingAverage.momentum }
    var overwriteFrequency: Int? { movingAverage.overwriteFrequency }
}
