import PeriluneData
import PeriluneGraph
import PeriluneNN

/// What data have to be for this model and its losses.
extension Trainer {
    /// For each target, what its loss takes.
    var targetRules: [FieldRule] {
        (model.outputSpecs ?? []).enumerated().map { index, output in
            let loss = loss(of: index)
            if loss.labels == .sparse, let classes = output.shape.dimensions.last { return .classes(classes) }
            return loss.truthRange.map { .within($0, loss: loss.name) } ?? .any
        }
    }

    /// The data with the classes of their target weighted.
    func weighted(_ data: Dataset, _ weights: ClassWeights) throws -> Dataset {
        guard !weights.isEmpty else { return data }
        if let layout = data.layout { try prepare(for: layout) }
        return try data.classWeighted(weights, classes: classCount)
    }

    /// How many classes the first target tells apart; nil where its loss does not say.
    private var classCount: Int? {
        guard let output = model.outputSpecs?.first else { return nil }
        switch loss(of: 0).labels {
        case .sparse, .categorical: return output.shape.dimensions.last
        case .binary: return output.shape.elementCount == 1 ? 2 : nil
        case nil: return nil
        }
    }

    /// For each input of a model that is built, which of its elements choose rows of embeddings.
    func inputRules() throws -> [FieldRule] {
        if let knownInputRules { return knownInputRules }
        let builder = GraphBuilder()
        let inputs = (model.inputSpecs ?? []).enumerated().map { index, spec in
            builder.input(index, TensorSpec(spec.shape.prepending(1), spec.dtype))
        }
        _ = try model.emit(into: builder, inputs, isTraining: false)
        let trace = IndexTrace(builder.graph) { [model] variable in
            model.variables[variable]?.owners.last?.name ?? "table"
        }
        let rules = inputs.indices.map { input -> FieldRule in
            let found = trace.rules(input: input, width: inputs[input].shape.elementCount)
            return found.isEmpty ? .any : .indices(found)
        }
        knownInputRules = rules
        return rules
    }
}
