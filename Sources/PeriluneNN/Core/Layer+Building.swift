import PeriluneGraph

extension Layer {
    /// Makes the weights for these inputs, or checks that the inputs fit the weights that are there.
    func prepare(for inputs: [TensorSpec]) throws {
        guard let built = core.inputs else {
            try validate()
            let declared = try declareWeights(for: inputs)
            for weight in declared where weight.shape.elementCount > Shape.largestElementCount {
                throw ModelError(
                    .invalidArgument, "its weight '\(weight.name)' of shape \(weight.shape) is too large")
            }
            core.weights = declared.map(Weight.init)
            core.inputs = inputs.map(\.withoutBatch)
            return
        }
        let declared = try declareWeights(for: inputs)
        guard declared.map(\.shape) == weights.map(\.declaration.shape) else {
            throw mismatch(built, inputs)
        }
    }

    /// Says which axis differs from what the layer was built for.
    private func mismatch(_ built: [TensorSpec], _ inputs: [TensorSpec]) -> ModelError {
        for (index, (expected, given)) in zip(built, inputs).enumerated() {
            let got = given.withoutBatch
            guard expected.shape.rank == got.shape.rank,
                let axis = expected.shape.dimensions.indices.last(where: { expected.shape[$0] != got.shape[$0] })
            else { continue }
            let which = axis == expected.shape.rank - 1 ? "the last axis" : "axis \(axis + 1)"
            let input = built.count == 1 ? "its input" : "its input \(index + 1)"
            return ModelError(
                .shapeMismatch,
                "expects \(which) of \(input) to be \(expected.shape[axis]), got shape \(given.shape)")
        }
        let shapes = (built.map(\.shape.description), inputs.map(\.shape.description))
        return ModelError(
            .shapeMismatch,
            "was built for inputs of shape \(shapes.0.joined(separator: ", ")) without the batch, "
                + "got \(shapes.1.joined(separator: ", "))")
    }
}

extension Shape {
    /// The most elements that one weight or output may have. Times the largest option it still fits an Int, so no
    /// arithmetic on extents overflows.
    static let largestElementCount = 1 << 31
}

extension TensorSpec {
    /// This spec without its first axis.
    var withoutBatch: TensorSpec { TensorSpec(shape.dropFirst(), dtype) }

    /// The extent of the batch that shapes are learned with. Not 1, which would broadcast and hide mistakes.
    fileprivate static let probeBatch = 3

    /// This spec with a batch axis of the extent that shapes are learned with.
    var withProbeBatch: TensorSpec { TensorSpec(shape.prepending(Self.probeBatch), dtype) }
}

extension ModelError {
    /// Runs `body`, which learns shapes with a batch that was not given: in its errors that batch is `n`.
    static func namingProbeBatch<Result>(_ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch let error as ModelError {
            var message = error.message
            for word in ["shape", "shapes", "and"] {
                for end in [",", "]"] {
                    message = message.replacing("\(word) [\(TensorSpec.probeBatch)\(end)", with: "\(word) [n\(end)")
                }
            }
            throw ModelError(error.code, message, layerPath: error.layerPath)
        }
    }
}
