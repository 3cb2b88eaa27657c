import PeriluneGraph

/// Checks what a generator hands over against the layout, and copies it into a batch.
struct GeneratedBatchChecker {
    /// The layout of the batches: as declared, with labels as int32.
    let layout: DataLayout
    private let yields: GeneratorYield
    private let rules: FieldRules

    init(layout: DataLayout, yields: GeneratorYield, rules: FieldRules) throws {
        var layout = layout
        for (target, rule) in rules.targets.enumerated() {
            guard case .classes = rule else { continue }
            layout.targets[target] = try layout.field(target: target).converted(to: .int32)
        }
        guard !layout.inputs.isEmpty else { throw Self.fault("the generator gives no inputs") }
        self.layout = layout
        self.yields = yields
        self.rules = rules
    }

    /// What the first examples of a generator show of all.
    static func layout(of examples: GeneratedExamples?, yields: GeneratorYield) throws -> DataLayout {
        func fields(_ tensors: [Tensor], _ name: String) throws -> [DataField] {
            try tensors.enumerated().map { index, tensor in
                let name = tensors.count == 1 ? name : "\(name)\(index + 1)"
                if yields == .batches, tensor.shape.rank == 0 {
                    throw fault("\(name) is a single number where a batch is expected")
                }
                let shape = yields == .batches ? tensor.shape.dropFirst() : tensor.shape
                return DataField(name: name, spec: TensorSpec(shape, tensor.dtype))
            }
        }
        return DataLayout(
            inputs: try fields(examples?.inputs ?? [], "x"), targets: try fields(examples?.targets ?? [], "y"),
            hasSampleWeights: examples?.sampleWeights != nil)
    }

    /// Copies examples into `buffer`, behind the `offset` examples already in it; returns how many there were.
    ///
    /// - Throws: `DataError` that names epoch and batch where a shape, a type, a count or a value is not as it must be.
    func append(
        _ examples: GeneratedExamples, to buffer: BatchBuffer, after offset: Int, at position: BatchPlan.Position
    ) throws -> Int {
        let place = " (epoch \(position.epoch), batch \(position.batch))"
        guard examples.inputs.count == layout.inputs.count, examples.targets.count == layout.targets.count else {
            throw Self.fault(
                "gives \(examples.inputs.count) inputs and \(examples.targets.count) targets where "
                    + "\(layout.inputs.count) and \(layout.targets.count) are expected", place)
        }
        guard (examples.sampleWeights != nil) == layout.hasSampleWeights else {
            throw Self.fault("gives sample weights with some examples only", place)
        }
        let first = examples.inputs[0].shape
        let count = yields == .batches && first.rank > 0 ? first[0] : 1
        guard count > 0 else { throw Self.fault("gives a batch without examples", place) }
        let fields = layout.inputs + layout.targets
        for (slot, tensor) in (examples.inputs + examples.targets).enumerated() {
            let rule = rules.rule(slot: slot, of: layout)
            try copy(tensor, of: fields[slot], rule, count, into: buffer, slot, offset, place)
        }
        if let weights = examples.sampleWeights {
            let checked: Tensor
            do { checked = try checkedWeights(weights) } catch { throw Self.fault("\(error)", place) }
            guard checked.shape[0] == count else {
                throw Self.fault("gives \(checked.shape[0]) sample weights for \(count) examples", place)
            }
            write(checked, into: buffer, slot: fields.count, after: offset)
        }
        return count
    }

    private func copy(
        _ tensor: Tensor, of field: DataField, _ rule: FieldRule, _ count: Int, into buffer: BatchBuffer, _ slot: Int,
        _ offset: Int, _ place: String
    ) throws {
        let expected = yields == .batches ? field.spec.shape.prepending(count) : field.spec.shape
        guard tensor.shape == expected else {
            throw Self.fault("\(field.name) has the shape \(tensor.shape) where \(expected) is expected", place)
        }
        let width = field.spec.shape.elementCount
        func invalid(_ element: Int, _ message: String) -> DataError {
            let example = yields == .batches ? element / width : offset
            return DataError(
                .invalidValue, "\(message)\(place.dropLast()), example \(example + 1))", file: "generator",
                column: field.columnName(element % width), namesBatch: true)
        }
        if let element = tensor.firstNonFinite { throw invalid(element, "\(tensor.floats[element]) is not finite") }
        if let bad = rule.firstFault(in: tensor, 0..<tensor.elementCount, width: width) {
            throw invalid(bad.element, bad.message)
        }
        if !rule.isClasses, field.spec.dtype == .int32, tensor.dtype == .float32 {
            throw Self.fault("\(field.name) is float32 where int32 is expected", place)
        }
        write(
            tensor.dtype == field.spec.dtype ? tensor : tensor.converted(to: field.spec.dtype), into: buffer,
            slot: slot, after: offset)
    }

    private func write(_ tensor: Tensor, into buffer: BatchBuffer, slot: Int, after offset: Int) {
        tensor.withUnsafeElementBytes { bytes in
            let start = offset * layout.slots[slot].byteCount
            buffer.reserve(start + bytes.count, slot: slot)
            if let base = bytes.baseAddress {
                (buffer.blocks[slot] + start).copyMemory(from: base, byteCount: bytes.count)
            }
        }
    }

    /// - Parameter place: epoch and batch, where there are any.
    private static func fault(_ message: String, _ place: String = "") -> DataError {
        DataError(.generator, message + place, file: "generator", namesBatch: !place.isEmpty)
    }
}
