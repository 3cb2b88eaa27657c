import PeriluneGraph

/// Mean and standard deviation per feature of a data set's inputs, to be applied to that set and to others.
///
/// A feature is an index along the last axis, as in Keras: a column of a table, a channel of an image.
public struct Normalization: Hashable, Sendable {
    /// The statistics of one input.
    public struct Moments: Hashable, Sendable {
        public let mean: [Float]
        /// The population's standard deviation; 1 for a feature that never changes, so that it becomes 0, not NaN.
        public let deviation: [Float]
    }

    /// One for each input of the data set.
    public let inputs: [Moments]
}

extension Dataset {
    /// The inputs scaled to mean 0 and standard deviation 1 per feature, and the statistics that did it.
    ///
    /// Only the examples of this view count. Apply the statistics to the validation set with `normalized(by:)`.
    ///
    /// - Throws: `DataError` where an input is int32 (class or token numbers have no mean); for a generator.
    public func normalized() throws -> (dataset: Dataset, statistics: Normalization) {
        let (store, rows, layout) = try inMemory("normalize")
        let moments = try zip(store.inputs, layout.inputs).map { tensor, field in
            guard case .float32(let values) = tensor.elements else {
                throw DataError(
                    .invalidArgument, "normalize: input '\(field.name)' is int32; only float32 is normalised")
            }
            return Self.moments(of: values, width: field.spec.shape, rows: rows)
        }
        let statistics = Normalization(inputs: moments)
        return (try normalized(by: statistics), statistics)
    }

    /// The inputs with the statistics of another data set applied: (value − mean) / deviation.
    ///
    /// - Throws: `DataError` where the inputs are not those that the statistics describe; for a generator.
    public func normalized(by statistics: Normalization) throws -> Dataset {
        let (_, _, layout) = try inMemory("normalize")
        guard statistics.inputs.count == layout.inputs.count else {
            throw DataError(
                .mismatch,
                "normalize: statistics of \(statistics.inputs.count) inputs for a data set of \(layout.inputs.count)")
        }
        for (field, moments) in zip(layout.inputs, statistics.inputs) {
            let features = field.spec.shape.dimensions.last ?? 1
            guard field.spec.dtype == .float32, moments.mean.count == features, moments.deviation.count == features
            else {
                throw DataError(
                    .mismatch,
                    "normalize: statistics of \(moments.mean.count) features for input '\(field.name)', \(field.spec)")
            }
        }
        return try mappingInputs("normalize") { values, index in
            let (mean, deviation) = (statistics.inputs[index].mean, statistics.inputs[index].deviation)
            var feature = 0
            for position in values.indices {
                values[position] = (values[position] - mean[feature]) / deviation[feature]
                feature = feature + 1 == mean.count ? 0 : feature + 1
            }
        }
    }

    /// The float32 inputs as `value * scale + offset`: `rescaled(by: 1 / 255)` for the bytes of an image.
    ///
    /// - Throws: `DataError` where a factor is not finite; for a generator.
    public func rescaled(by scale: Float, offset: Float = 0) throws -> Dataset {
        guard scale.isFinite, offset.isFinite else {
            throw DataError(.invalidArgument, "rescale: scale and offset must be finite, got \(scale) and \(offset)")
        }
        return try mappingInputs("rescale") { values, _ in
            for position in values.indices { values[position] = values[position] * scale + offset }
        }
    }

    /// New inputs for the examples of this view; what is not float32 stays. Targets are shared where the view is whole.
    private func mappingInputs(_ operation: String, _ transform: (inout [Float], Int) -> Void) throws -> Dataset {
        let (store, rows, layout) = try inMemory(operation)
        let inputs = try store.inputs.enumerated().map { index, tensor in
            guard case .float32(var values) = tensor.gathering(rows).elements else { return tensor.gathering(rows) }
            transform(&values, index)
            let result = Tensor(values, shape: tensor.shape.replacing(axis: 0, with: rows.count))
            if let element = result.firstNonFinite {
                let width = layout.inputs[index].spec.shape.elementCount
                throw store.error(
                    "\(operation) gives \(values[element]), which is not finite", row: rows[element / width],
                    column: layout.inputs[index].columnName(element % width))
            }
            return result
        }
        let lines = store.lines.isEmpty ? [] : rows.rows.map { store.lines[Int($0)] }
        let mapped = ExampleStore(
            file: store.file, targetFile: store.targetFile, lines: lines, inputs: inputs,
            targets: store.targets.map { $0.gathering(rows) }, sampleWeights: store.sampleWeights?.gathering(rows))
        return viewing(.range(0..<rows.count), of: mapped)
    }

    /// Two passes in double precision, so that a large mean does not eat the deviation.
    private static func moments(of values: [Float], width shape: Shape, rows: RowSelection) -> Normalization.Moments {
        let width = shape.elementCount
        let features = shape.dimensions.last ?? 1
        var mean = [Double](repeating: 0, count: features)
        var variance = [Double](repeating: 0, count: features)
        func visit(_ body: (Int, Double) -> Void) {
            for position in 0..<rows.count {
                let start = rows[position] * width
                for element in 0..<width { body(element % features, Double(values[start + element])) }
            }
        }
        let perFeature = Double(rows.count * (width / features))
        visit { mean[$0] += $1 }
        for feature in 0..<features { mean[feature] /= perFeature }
        visit { variance[$0] += ($1 - mean[$0]) * ($1 - mean[$0]) }
        let deviation = variance.map { Float(($0 / perFeature).squareRoot()) }
        return Normalization.Moments(mean: mean.map { Float($0) }, deviation: deviation.map { $0 > 0 ? $0 : 1 })
    }
}
