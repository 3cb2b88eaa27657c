import Glibc
public import PeriluneGraph
public import PeriluneItems

extension Muon: UpdateRule {
    public var name: String { "muon" }

    public var hyperparameters: [Hyperparameter] {
        [
            Hyperparameter("adam_beta_1", adamBeta1, .fraction), Hyperparameter("adam_beta_2", adamBeta2, .fraction),
            Hyperparameter("adam_weight_decay", adamWeightDecay, .nonNegative),
            Hyperparameter("epsilon", epsilon, .nonNegative), Hyperparameter("muon_a", muonA, .finite),
            Hyperparameter("muon_b", muonB, .finite), Hyperparameter("muon_c", muonC, .finite),
            Hyperparameter("adam_lr_ratio", adamRateRatio, .nonNegative),
            Hyperparameter("momentum", momentum, .fraction),
        ]
    }

    public var fixedOptions: [String: OptionValue] {
        var options: [String: OptionValue] = [
            "ns_steps": .integer(steps), "nesterov": .boolean(nesterov),
            "exclude_layers": .list(excludedLayers.map { .text($0) }),
            "exclude_embeddings": .boolean(excludesEmbeddings),
        ]
        options["rms_rate"] = rmsRate.map { .number($0) }
        return options
    }

    /// Whether the iteration is for this parameter; AdamW is for all others.
    func isMatrix(_ parameter: TrainedParameter) -> Bool {
        parameter.shape.rank == 2 && !(excludesEmbeddings && parameter.path.lowercased().contains("embedding"))
            && !excludedLayers.contains { pattern in parameter.layers.contains { Glob.matches(pattern, $0) } }
    }

    public func slots(of parameter: TrainedParameter, values: UpdateValues) -> [SlotDeclaration] {
        [SlotDeclaration("momentum")] + (isMatrix(parameter) ? [] : [SlotDeclaration("velocity")])
    }

    public var scalarCount: Int { 12 }
    public var rateScalar: Int { 0 }

    public func decay(of parameter: TrainedParameter, values: UpdateValues) -> DecayFactor {
        isMatrix(parameter) ? .common : values.isUsed[2] ? .scalar(11) : .none
    }

    public func fillScalars(_ scalars: inout [Float], at offset: Int, step: Int, values: UpdateValues) {
        let (own, step) = (values.own, Double(step))
        let (beta1, beta2) = (own[0], own[1])
        scalars[offset] = Float(values.learningRate)
        scalars[offset + 1] = Float(own[8])
        for index in 0..<3 { scalars[offset + 2 + index] = Float(own[4 + index]) }
        scalars[offset + 5] = Float(beta1)
        scalars[offset + 6] = Float(1 - beta1)
        scalars[offset + 7] = Float(beta2)
        scalars[offset + 8] = Float(1 - beta2)
        scalars[offset + 9] = Float(own[7] * (1 - pow(beta2, step)).squareRoot() / (1 - pow(beta1, step)))
        scalars[offset + 10] = Float(own[3])
        scalars[offset + 11] = Float(1 - values.learningRate * own[2])
    }

    public func update(
        _ parameter: SymbolicTensor, of description: TrainedParameter, gradient: SymbolicTensor,
        slots: [SymbolicTensor], scalars: [SymbolicTensor], values: UpdateValues
    ) throws -> (parameter: SymbolicTensor, slots: [SymbolicTensor]) {
        let rate = scalars[0]
        guard isMatrix(description) else {
            let first = try slots[0] * scalars[5] + gradient * scalars[6]
            let second = try slots[1] * scalars[7] + gradient.squared() * scalars[8]
            let step = try first * (rate * scalars[9]) / (second.squareRoot() + scalars[10])
            return (try parameter - step, [first, second])
        }
        let momentum = try slots[0] * scalars[1] + gradient
        let iteration = NewtonSchulz(steps: steps, a: scalars[2], b: scalars[3], c: scalars[4])
        let step = try iteration.orthogonalized(nesterov ? gradient + momentum * scalars[1] : momentum)
        let extent = Double(max(parameter.shape[0], parameter.shape[1]))
        let size = Float(rmsRate.map { $0 * extent.squareRoot() } ?? 1)
        return (try parameter - step * (rate * size), [momentum])
    }
}
