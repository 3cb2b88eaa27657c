import PeriluneGraph

/// Mean and standard deviation per feature of a data set's inputs, to be applied to that set and to others.
///
/// A feature is an index along the last axis, as in Keras: a column of a table, a channel of an image.
public struct Normalization: Hashable, Sendable {
    /// The statistics of one input.
    public struct Moments: Hashable, Sendable {
        public let mean: [Double]
        /// The population's standard deviation; 1 for a feature that never changes, so that it becomes 0, not NaN.
        public let deviation: [Double]
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
        let moments = try zip(store.inputs, layout.inputs).enumerated().map { index, input in
            let (tensor, field) = input
            guard case .float32(let values) = tensor.elements else {
                throw DataError(
                    .invalidArgument, "normalize: input '\(field.name)' is int32; only float32 is normalised")
            }
            return Self.moments(
                of: values, precise: store.precise(input: index), width: field.spec.shape, rows: rows)
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
        return try mappingInputs("normalize") { value, index, element in
            let moments = statistics.inputs[index]
            let feature = element % moments.mean.count
            return (value - moments.mean[feature]) / moments.deviation[feature]
        }
    }

    /// The float32 inputs as `value * scale + offset`: `rescaled(by: 1 / 255)` for the bytes of an image.
    ///
    /// - Throws: `DataError` where a factor is not finite; for a generator.
    public func rescaled(by scale: Float, offset: Float = 0) throws -> Dataset {
        guard scale.isFinite, offset.isFinite else {
            throw DataError(.invalidArgument, "rescale: scale and offset must be finite, got \(scale) and \(offset)")
        }
        let (scale, offset) = (Double(scale), Double(offset))
        return try mappingInputs("rescale") { value, _, _ in value * scale + offset }
    }

    /// New inputs for the examples of this view; what is not float32 stays. Targets are shared where the view is whole.
    ///
    /// - Parameter transform: gets a value, the number of its input, and its flat index within an example.
    private func mappingInputs(
        _ operation: String, _ transform: (_ value: Double, _ input: Int, _ element: Int) -> Double
    ) throws -> Dataset {
        let (store, rows, layout) = try inMemory(operation)
        let inputs = try store.inputs.enumerated().map { index, tensor in
            guard case .float32(var values) = tensor.gathering(rows).elements else { return tensor.gathering(rows) }
            let width = max(1, layout.inputs[index].spec.shape.elementCount)
            for start in stride(from: 0, to: values.count, by: width) {
                for element in 0..<width {
                    values[start + element] = Float(transform(Double(values[start + element]), index, element))
                }
            }
            for (element, precise) in store.precise(input: index) {
                for row in 0..<rows.count {
                    values[row * width + element] = Float(transform(precise[rows[row]], index, element))
                }
            }
            let result = Tensor(values, shape: tensor.shape.replacing(axis: 0, with: rows.count))
            if let element = result.firstNonFinite {
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
    private static func moments(
        of values: [Float], precise: [Int: [Double]], width shape: Shape, rows: RowSelection
    ) -> Normalization.Moments {
        let width = shape.elementCount
        let features = shape.dimensions.last ?? 1
        var mean = [Double](repeating: 0, count: features)
        var variance = [Double](repeating: 0, count: features)
        func visit(_ body: (Int, Double) -> Void) {
            for position in 0..<rows.count {
                let row = rows[position]
                for element in 0..<width {
                    body(element % features, precise[element]?[row] ?? Double(values[row * width + element]))
                }
            }
        }
        let perFeature = Double(rows.count * (width / features))
        visit { mean[$0] += $1 }
        for feature in 0..<features { mean[feature] /= perFeature }
        visit { variance[$0] += ($1 - mean[$0]) * ($1 - mean[$0]) }
        let deviation = variance.map { ($0 / perFeature).squareRoot() }
        return Normalization.Moments(mean: mean, deviation: deviation.map { $0 > 0 ? $0 : 1 })
    }
}
