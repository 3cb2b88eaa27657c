public import PeriluneGraph
import PeriluneNN
import PeriluneRuntime

// The tensors of a model by path, for callbacks that watch them.
extension Run {
    /// The weights by path, in Keras's order. Where no trainer runs they are called `weight_1` and so on.
    public var namedWeights: [(path: String, tensor: Tensor)] {
        let paths = trainer?.model.variables.entries.map(\.path)
        return readWeights().enumerated().map { index, tensor in (paths?[index] ?? "weight_\(index + 1)", tensor) }
    }

    /// The gradients that the next update will use, before clipping, by the path of their weights: means over the
    /// examples that were accumulated. There at `Event.backwardEnd`; empty where steps are not split.
    public var namedGradients: [(path: String, tensor: Tensor)] {
        guard let trainer else { return [] }
        return trainer.model.variables.trainable.compactMap { variable in
            trainer.gradients[variable.id].map { (variable.path, trainer.state.store.read($0)) }
        }
    }
}
