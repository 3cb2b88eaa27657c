import PeriluneData
import PeriluneGraph
import PeriluneNN

/// What a program does.
enum StepMode: Hashable {
    /// Forward, loss, gradients, clipping and update: one graph.
    case train
    /// Forward, loss, and gradients taken into the means that the gradient variables hold.
    case backward
    case evaluate
    case predict
    /// Forward as in training, and the statistics that layers keep as means over all batches: nothing else changes.
    case statistics
}

extension StepMode {
    /// Whether layers behave as in training.
    var isTraining: Bool {
        switch self {
        case .train, .backward, .statistics: true
        case .evaluate, .predict: false
        }
    }

    /// Whether there are targets, and with them a loss and metrics.
    var needsTargets: Bool {
        switch self {
        case .train, .backward, .evaluate: true
        case .predict, .statistics: false
        }
    }
}

/// What the means of accumulated gradients, and of statistics that are taken anew, are made with. Every example weighs
/// the same, as in one big batch, so a batch counts by its rows: `mean ← kept · mean + added · gradient`, with `added`
/// its share of all rows so far.
enum AccumulationScalar: Int, CaseIterable {
    case kept, added

    /// Kept, since each look at `allCases` would allocate.
    static let count = allCases.count

    /// Its place among the run-time scalars of a step.
    func index(after optimizer: Optimizer) -> Int { optimizer.scalarCount + rawValue }
}

/// Builds the graphs of a trainer's programs.
struct StepGraph {
    let trainer: Trainer
    let layout: DataLayout
    let batch: Int
    let mode: StepMode
    let builder = GraphBuilder()

    /// The graph for a batch of `batch` rows. Its inputs are those of the layout, then the targets, then the weights.
    /// - Throws: `ModelError` or `GraphError` where model, loss and data do not fit each other.
    func build() throws -> Graph {
        var position = -1
        func input(_ spec: TensorSpec) -> SymbolicTensor {
            position += 1
            return builder.input(position, TensorSpec(spec.shape.prepending(batch), spec.dtype))
        }
        let inputs = layout.inputs.map { input($0.spec) }
        let emission = try trainer.model.emit(
            into: builder, inputs, isTraining: mode.isTraining, averaging: mode == .statistics ? shares : nil)
        switch mode {
        case .predict:
            for (index, output) in emission.outputs.enumerated() { builder.addOutput("output_\(index)", output.tensor) }
            return builder.graph
        case .statistics:
            addStateUpdates(emission)
            return builder.graph
        case .train, .backward, .evaluate: break
        }
        let targets = layout.targets.map { input($0.spec) }
        let weights = layout.hasSampleWeights ? input(TensorSpec(.scalar)) : nil
        let loss = try lossAndStatistics(emission, targets, weights)
        switch mode {
        case .train:
            try emitTraining(loss)
            addStateUpdates(emission)
        case .backward:
            try emitBackward(loss)
            addStateUpdates(emission)
        case .evaluate, .predict, .statistics: break
        }
        return builder.graph
    }

    /// Emits the loss, and the outputs: `statistics`, which are the loss, then those of each output, then the metrics'
    /// sums; then the examples of each metric that keeps them.
    private func lossAndStatistics(
        _ emission: ModelEmission, _ targets: [SymbolicTensor], _ weights: SymbolicTensor?
    ) throws -> SymbolicTensor {
        var losses: [SymbolicTensor] = []
        var sums: [SymbolicTensor] = []
        var examples: [SymbolicTensor] = []
        var sizes: [Int] = []
        for (index, (target, prediction)) in zip(targets, emission.outputs).enumerated() {
            losses.append(try trainer.loss(of: index).mean(target, prediction, sampleWeight: weights))
            for measured in trainer.resolvedMetrics[index] {
                let statistics = try measured.metric.statistics(
                    target, prediction, loss: trainer.loss(of: index),
                    sampleWeight: measured.isWeighted ? weights : nil)
                if measured.metric.keepsExamples {
                    examples.append(try statistics.stoppingGradient())
                } else {
                    sums.append(statistics)
                }
                sizes.append(measured.metric.keepsExamples ? 0 : statistics.shape.elementCount)
            }
        }
        var total = try losses[0] * trainer.lossWeight(of: 0)
        for index in losses.indices.dropFirst() { total = try total + losses[index] * trainer.lossWeight(of: index) }
        if let penalty = try emission.penalty { total = try total + penalty }
        trainer.statisticsSizes = sizes
        let scalars = losses.count > 1 ? [total] + losses : [total]
        let parts = try scalars.map { try $0.reshaped(to: [1]) } + sums.map { try $0.stoppingGradient() }
        builder.addOutput("statistics", try .concatenated(parts, axis: 0))
        for (index, part) in examples.enumerated() { builder.addOutput("examples_\(index + 1)", part) }
        return total
    }

    private func gradients(_ loss: SymbolicTensor) throws -> [SymbolicTensor] {
        let parameters = trainer.model.variables.trainable.map { builder.variable($0.id, $0.spec) }
        guard let scale = trainer.optimizer.lossScaleFactor.map({ Float($0) }) else {
            return try builder.gradients(of: loss, withRespectTo: parameters)
        }
        return try builder.gradients(of: loss * scale, withRespectTo: parameters).map { try $0 / scale }
    }

    private func emitTraining(_ loss: SymbolicTensor) throws {
        try trainer.emitUpdates(try gradients(loss), in: builder)
    }

    private var shares: StatisticsShares {
        func scalar(_ scalar: AccumulationScalar) -> SymbolicTensor {
            builder.hyperparameter(HyperparameterID(index: scalar.index(after: trainer.optimizer)))
        }
        return StatisticsShares(kept: scalar(.kept), added: scalar(.added))
    }

    private func emitBackward(_ loss: SymbolicTensor) throws {
        let (kept, added) = (shares.kept, shares.added)
        for (variable, gradient) in zip(trainer.model.variables.trainable, try gradients(loss)) {
            let mean = try trainer.gradientVariable(of: variable)
            builder.addUpdate(mean, try builder.variable(mean, variable.spec) * kept + gradient * added)
        }
    }

    private func addStateUpdates(_ emission: ModelEmission) {
        for update in emission.updates { builder.addUpdate(update.variable, update.value) }
    }
}

extension ModelVariable {
    /// The parameter as a rule knows it.
    var trained: TrainedParameter { TrainedParameter(path: path, layers: owners.map(\.name), shape: shape) }
}

extension SlotDeclaration {
    func spec(of variable: ModelVariable) -> TensorSpec { shape.map { TensorSpec($0) } ?? variable.spec }
}

extension Trainer {
    /// Emits the optimizer's step for the gradients of all trainable parameters, with their constraints.
    func emitUpdates(_ gradients: [SymbolicTensor], in builder: GraphBuilder) throws {
        var slotIDs: [[VariableID]] = []
        let updates = try zip(model.variables.trainable, gradients).map { variable, gradient in
            let description = variable.trained
            let declarations = optimizer.slots(of: description)
            let ids = try declarations.map { try slotVariable($0, of: variable) }
            slotIDs.append(ids)
            return Optimizer.Update(
                description: description, parameter: builder.variable(variable.id, variable.spec), gradient: gradient,
                slots: zip(ids, declarations).map { builder.variable($0, $1.spec(of: variable)) },
                rateFactor: rateFactor(of: variable))
        }
        let results = try optimizer.emit(updates, in: builder)
        for (index, variable) in model.variables.trainable.enumerated() {
            let value = results[index].parameter
            builder.addUpdate(variable.id, try variable.constraint?.apply(value) ?? value)
            for (id, slot) in zip(slotIDs[index], results[index].slots) { builder.addUpdate(id, slot) }
        }
    }

    /// The graph that updates from the gradient variables and clears them.
    func updateGraph() throws -> Graph {
        let builder = GraphBuilder()
        let trainable = model.variables.trainable
        let means = try trainable.map { try gradientVariable(of: $0) }
        try emitUpdates(zip(trainable, means).map { builder.variable($1, $0.spec) }, in: builder)
        for (variable, mean) in zip(trainable, means) { builder.addUpdate(mean, builder.fill(0, variable.shape)) }
        return builder.graph
    }
}
