public import PeriluneGraph

extension Dataset {
    /// Examples from tensors whose first axis counts them.
    ///
    /// - Parameters:
    ///   - x: the input, [count, …].
    ///   - y: the target, [count, …]; class numbers are [count].
    ///   - sampleWeights: how much each example counts in the loss, [count], 0 or more.
    /// - Throws: `DataError` where counts differ, there are no examples, or a value is NaN or infinite.
    public static func tensors(_ x: Tensor, _ y: Tensor? = nil, sampleWeights: Tensor? = nil) throws -> Dataset {
        try tensors(inputs: [("x", x)], targets: y.map { [("y", $0)] } ?? [], sampleWeights: sampleWeights)
    }

    /// Examples with several named inputs or targets, in the order in which the model takes them.
    ///
    /// - Throws: as `tensors(_:_:sampleWeights:)`; also where there is no input or a name comes twice.
    public static func tensors(
        inputs: [(name: String, tensor: Tensor)], targets: [(name: String, tensor: Tensor)] = [],
        sampleWeights: Tensor? = nil
    ) throws -> Dataset {
        guard let first = inputs.first else { throw DataError(.invalidArgument, "a data set needs an input") }
        let all = inputs + targets + (sampleWeights.map { [("sample_weight", $0)] } ?? [])
        var names: Set<String> = []
        for (name, tensor) in all {
            guard names.insert(name).inserted else {
                throw DataError(.invalidArgument, "two inputs or targets are named '\(name)'")
            }
            guard tensor.shape.rank >= 1, tensor.elementCount >= 1 else {
                throw DataError(.mismatch, "\(name) has no examples: its shape is \(tensor.shape)")
            }
            guard tensor.shape[0] == first.tensor.shape[0] else {
                throw DataError(
                    .mismatch,
                    "\(name) has \(tensor.shape[0]) examples where \(first.name) has \(first.tensor.shape[0])")
            }
        }
        guard first.tensor.shape[0] <= Int(Int32.max) else {
            throw DataError(.mismatch, "a data set holds at most \(Int32.max) examples")
        }
        let weights = try sampleWeights.map(checkedWeights)
        let layout = DataLayout(
            inputs: inputs.map(field), targets: targets.map(field), hasSampleWeights: weights != nil)
        let store = ExampleStore(
            file: nil, inputs: inputs.map(\.tensor), targets: targets.map(\.tensor), sampleWeights: weights)
        try store.checkFinite(layout)
        return Dataset(store: store, layout: layout)
    }

    private static func field(_ name: String, _ tensor: Tensor) -> DataField {
        DataField(name: name, spec: TensorSpec(tensor.shape.dropFirst(), tensor.dtype))
    }
}

/// The weights as float32 [count].
func checkedWeights(_ tensor: Tensor) throws -> Tensor {
    let count = tensor.shape.rank == 0 ? 1 : tensor.shape[0]
    guard tensor.elementCount == count else {
        throw DataError(.mismatch, "sample weights must be one number per example, got the shape \(tensor.shape)")
    }
    let weights = tensor.floats
    if let bad = weights.firstIndex(where: { !($0 >= 0 && $0.isFinite) }) {
        throw DataError(.invalidValue, "weight \(weights[bad]) is not 0 or more", row: bad + 1, column: "sample_weight")
    }
    return Tensor(weights, shape: [count])
}

extension ExampleStore {
    /// Throws an error that places the first NaN or infinity, where there is one.
    func checkFinite(_ layout: DataLayout) throws {
        for (tensor, field) in zip(inputs + targets, layout.inputs + layout.targets) {
            guard let element = tensor.firstNonFinite else { continue }
            let width = field.spec.shape.elementCount
            throw error(
                "\(tensor.floats[element]) is not finite", row: element / width,
                column: field.columnName(element % width))
        }
    }
}
