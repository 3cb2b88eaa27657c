import PeriluneData
import PeriluneGraph
import PeriluneNN
import PeriluneRuntime

/// Runs a model on the training batch in progress and looks at what each of its layers gives.
final class ActivationProbe {
    private unowned let trainer: Trainer
    private var programs: [Int: (step: CompiledStep, paths: [String])] = [:]
    private var version = -1

    init(_ trainer: Trainer) { self.trainer = trainer }

    /// The statistics of each layer's outputs, in the order of the calls; nil where there is no batch.
    func measure() throws -> [(path: String, statistics: TensorStatistics)]? {
        guard let session = trainer.trainingSession, let batch = session.batch else { return nil }
        if version != trainer.programVersion { programs = [:] }
        version = trainer.programVersion
        let (step, paths) = try programs[batch.count] ?? compile(session.batcher.layout, batch.count, session.threads)
        programs[batch.count] = (step, paths)
        try step.context.run(
            inputs: session.batcher.layout.inputs.indices.map { batch.input($0) }, hyperparameters: [],
            seed: trainer.seed, counter: trainer.batchCounter)
        return paths.enumerated().map { index, path in
            var statistics = TensorStatistics()
            step.context.withOutput(index) { statistics.add($0) }
            return (path, statistics)
        }
    }

    private func compile(_ layout: DataLayout, _ batch: Int, _ threads: Int?) throws -> (CompiledStep, [String]) {
        let builder = GraphBuilder()
        let inputs = layout.inputs.enumerated().map { index, input in
            builder.input(index, TensorSpec(input.spec.shape.prepending(batch), input.spec.dtype))
        }
        var paths: [String] = []
        var counts: [String: Int] = [:]
        _ = try trainer.model.emit(into: builder, inputs, isTraining: false) { path, outputs in
            for output in outputs where output.spec.dtype == .float32 {
                let number = counts[path, default: 0] + 1
                counts[path] = number
                paths.append(number == 1 ? path : "\(path)#\(number)")
                builder.addOutput("activation_\(paths.count)", output)
            }
        }
        return (try CompiledStep(builder.graph, variables: trainer.state.store, threads: threads), paths)
    }
}

extension Trainer {
    /// The paths of all layers, `encoder/dense` within submodels.
    var layerPaths: [String] {
        func within(_ layer: any Layer, _ prefix: String) -> [String] {
            let path = prefix + layer.name
            return [path] + layer.sublayers.flatMap { within($0, path + "/") }
        }
        return model.layers.flatMap { within($0, "") }
    }
}
