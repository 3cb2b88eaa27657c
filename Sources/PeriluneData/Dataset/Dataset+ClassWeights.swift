import PeriluneGraph

extension Dataset {
    /// This data set with each example weighted by its class; classes that are not named weigh 1.
    ///
    /// A target of one class number per example gives the class; a one-hot target gives it by its largest element.
    ///
    /// - Parameters:
    ///   - weights: what each class counts, 0 or more.
    ///   - classes: how many classes there are; nil to take the width of a one-hot target, and not to know it
    ///   otherwise.
    /// - Throws: `DataError` where there is not exactly one target, the examples have weights already, or a class or
    ///   weight is unusable; for a generator.
    public func classWeighted(_ weights: ClassWeights, classes: Int? = nil) throws -> Dataset {
        let (store, rows, layout) = try inMemory("class_weight")
        guard layout.targets.count == 1 else {
            throw DataError(
                .invalidArgument, "class_weight needs a data set with one target; this has \(layout.targets.count)")
        }
        guard !layout.hasSampleWeights else {
            throw DataError(.invalidArgument, "class_weight cannot be combined with sample weights; give one of them")
        }
        let field = layout.targets[0]
        let width = field.spec.shape.elementCount
        guard field.spec.shape.rank <= 1 else {
            throw DataError(
                .invalidArgument, "class_weight needs one class per example; target '\(field.name)' is \(field.spec)")
        }
        try weights.check(classes: width > 1 ? width : classes)
        let byClass = weights.byClass
        let target = store.targets[0].floats
        // Rows outside this view get a weight that is not read.
        var perExample = [Float](repeating: 1, count: store.count)
        for position in 0..<rows.count {
            let row = rows[position]
            let values = target[row * width..<(row + 1) * width]
            let label = width == 1 ? values[values.startIndex] : Self.largest(values)
            guard let number = Int(exactly: label), number >= 0 else {
                throw store.error(
                    "label \(label) is not a class number", row: row, column: field.columnName(0), isTarget: true)
            }
            perExample[row] = byClass[number] ?? 1
        }
        let weighted = store.replacing(sampleWeights: Tensor(perExample, shape: [store.count]))
        var result = viewing(rows, of: weighted)
        result.layout?.hasSampleWeights = true
        return result
    }

    /// The position of the largest element; the first of equals.
    private static func largest(_ values: ArraySlice<Float>) -> Float {
        var best = values.startIndex
        for index in values.indices where values[index] > values[best] { best = index }
        return Float(best - values.startIndex)
    }
}
