internal import PeriluneGraph
package import PeriluneNN

/// A layer as scripts hold it.
package class LuaLayer {
    package let layer: any Layer

    init(_ layer: any Layer) {
        self.layer = layer
    }

    /// The weight of this name as a tensor that reads and writes the model's memory; nil where there is none.
    package func weight(_ name: String, in session: Session) throws -> LuaTensor? {
        guard let weight = layer.weights.first(where: { $0.name == name }) else { return nil }
        return try tensor(of: weight, in: session)
    }

    /// All weights, those of sublayers included, in Keras's order.
    func weights(in session: Session) throws -> [LuaTensor] {
        try layer.allWeights.map { try tensor(of: $0, in: session) }
    }

    private func tensor(of weight: Weight, in session: Session) throws -> LuaTensor {
        guard let home = session.weights.home(of: weight) else {
            throw TensorFault("layer '\(layer.name)' has no weights yet: its model has to see data, or an input, first")
        }
        return home.tensor(of: weight)
    }
}

extension Session {
    /// The object by which scripts know `layer`, the same one each time.
    func box(for layer: any Layer) -> LuaLayer {
        if let known = known(ObjectIdentifier(layer)) { return known }
        // To look at a part takes no stream, as printing it must change no number. Its values are with the whole.
        let box = (layer as? Model).map { LuaModel($0, seed: streams.seed, budget: budget) } ?? LuaLayer(layer)
        adopt(box)
        return box
    }
}
