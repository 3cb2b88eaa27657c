import PeriluneGraph

/// What of an optimizer shapes the graph. Two equal structures share programs; values never matter.
struct OptimizerStructure: Hashable {
    let usesOwn: [Bool]
    let decays: Bool
    let clipsNorm: Bool
    let clipsValue: Bool
    let clipsGlobalNorm: Bool
    let average: Bool
    let overwrites: Bool
    let lossScale: Double?
}

extension Optimizer {
    var structure: OptimizerStructure {
        OptimizerStructure(
            usesOwn: ownIsUsed, decays: decays, clipsNorm: common[1].value != nil, clipsValue: common[2].value != nil,
            clipsGlobalNorm: common[3].value != nil, average: movingAverage.isKept,
            overwrites: movingAverage.overwriteFrequency != nil, lossScale: lossScaleFactor)
    }

    /// The states that a parameter has: those of the rule, then the moving average.
    func slots(of parameter: TrainedParameter) -> [SlotDeclaration] {
        rule.slots(of: parameter, values: values(at: step)) + (movingAverage.isKept ? [MovingAverage.slot] : [])
    }

    /// Run-time scalars of a step: those of the rule, then decay factor and clipping bound, then those of the moving
    /// average.
    var scalarCount: Int { rule.scalarCount + 2 + movingAverage.scalarCount }

    private func values(at step: Int) -> UpdateValues {
        UpdateValues(learningRate: learningRate(at: step), own: ownValues, isUsed: ownIsUsed)
    }

    /// Writes the scalars of the next step, `step + 1`. Allocates nothing.
    func fillScalars(_ scalars: inout [Float]) {
        let values = values(at: step)
        rule.fillScalars(&scalars, at: 0, step: step + 1, values: values)
        let decay = common[0].value ?? 0
        scalars[rule.scalarCount] = Float(1 - values.learningRate * decay)
        scalars[rule.scalarCount + 1] = Float(common[1].value ?? common[2].value ?? common[3].value ?? 0)
        movingAverage.fillScalars(&scalars, at: rule.scalarCount + 2, step: step + 1)
    }

    /// A parameter on its way through an update.
    struct Update {
        let description: TrainedParameter
        var parameter: SymbolicTensor
        var gradient: SymbolicTensor
        var slots: [SymbolicTensor]
        /// What its learning rate is multiplied with.
        var rateFactor: Float = 1
    }

    /// Emits clipping, weight decay and the rule for all parameters. Each parameter's update is one element-wise chain
    /// (apart from the norms of clipping), which the runtime fuses into one loop.
    ///
    /// Weight decay is decoupled (Loshchilov and Hutter 2019): the parameter shrinks by the factor
    /// `1 - learning_rate * weight_decay` before the rule, as in Keras for every optimizer.
    func emit(_ updates: [Update], in builder: GraphBuilder) throws -> [Update] {
        let scalars = (0..<scalarCount).map { builder.hyperparameter(HyperparameterID(index: $0)) }
        let (decay, bound) = (scalars[rule.scalarCount], scalars[rule.scalarCount + 1])
        let values = values(at: step)
        return try clipped(updates, by: bound).map { update in
            var own = Array(scalars.prefix(rule.scalarCount))
            var factor: SymbolicTensor? =
                switch rule.decay(of: update.description, values: values) {
                case .common: decays ? decay : nil
                case .scalar(let index): own[index]
                case .none: nil
                }
            if update.rateFactor != 1 {
                own[rule.rateScalar] = try own[rule.rateScalar] * update.rateFactor
                // 1 - f·lr·d, from 1 - lr·d.
                factor = try factor.map { try $0 * update.rateFactor + (1 - update.rateFactor) }
            }
            var result = update
            let average = movingAverage.isKept ? result.slots.popLast() : nil
            (result.parameter, result.slots) = try rule.update(
                factor.map { try update.parameter * $0 } ?? update.parameter, of: update.description,
                gradient: update.gradient, slots: result.slots, scalars: own, values: values)
            if let average {
                try take(&result, into: average, scalars: Array(scalars.dropFirst(rule.scalarCount + 2)))
            }
            return result
        }
    }

    /// Emits the moving average of an updated parameter, which may become it.
    private func take(_ result: inout Update, into average: SymbolicTensor, scalars: [SymbolicTensor]) throws {
        let kept = scalars[MovingAverage.Scalar.kept.rawValue]
        let average = try average * kept + result.parameter * (1 - kept)
        result.slots.append(average)
        guard movingAverage.overwriteFrequency != nil else { return }
        result.parameter = try scalars[MovingAverage.Scalar.overwrites.rawValue].select(average, result.parameter)
    }

    /// Clipping as in Keras: by norm, `g * c / max(‖g‖, c)`; by value, each element into `-c...c`.
    private func clipped(_ updates: [Update], by bound: SymbolicTensor) throws -> [Update] {
        var result = updates
        if structure.clipsNorm {
            for index in result.indices {
                let norm = try result[index].gradient.squared().sum().squareRoot()
                result[index].gradient = try result[index].gradient * (bound / norm.combined(.maximum, bound))
            }
        } else if structure.clipsValue {
            for index in result.indices {
                result[index].gradient = try result[index].gradient.combined(.minimum, bound)
                    .combined(.maximum, -bound)
            }
        } else if structure.clipsGlobalNorm, let first = result.first {
            var total = try first.gradient.squared().sum()
            for update in result.dropFirst() { total = try total + update.gradient.squared().sum() }
            let factor = try bound / total.squareRoot().combined(.maximum, bound)
            for index in result.indices { result[index].gradient = try result[index].gradient * factor }
        }
        return result
    }
}
