import PeriluneGraph

extension Dataset {
    /// Checks that a target holds class numbers: whole, and in `0..<classes`. Done before the first batch.
    ///
    /// - Parameters:
    ///   - target: which target, from 0.
    ///   - classes: how many classes the model tells apart.
    /// - Throws: `DataError` with the row and value of the first label that is no class; where there is no such target.
    ///   A generator's labels are checked batch by batch instead (`Batcher.Options.labelClasses`).
    public func validateLabels(target: Int = 0, classes: Int) throws {
        let (store, rows, layout) = try inMemory("validating labels")
        let field = try layout.field(target: target)
        guard classes >= 1 else { throw DataError(.invalidArgument, "there must be at least 1 class, got \(classes)") }
        let width = field.spec.shape.elementCount
        for position in 0..<rows.count {
            let start = rows[position] * width
            if let fault = store.targets[target].firstBadLabel(in: start..<start + width, classes: classes) {
                throw store.error(
                    fault.message, row: rows[position], column: field.columnName(fault.element - start), isTarget: true)
            }
        }
    }

    /// This data set with a target's class numbers checked, and as int32 whatever they were.
    ///
    /// - Throws: as `validateLabels`.
    public func withLabels(target: Int = 0, classes: Int) throws -> Dataset {
        try validateLabels(target: target, classes: classes)
        let (store, rows, layout) = try inMemory("validating labels")
        let field = layout.targets[target]
        guard field.spec.dtype != .int32 else { return self }
        var targets = store.targets
        targets[target] = targets[target].converted(to: .int32)
        var result = viewing(rows, of: store.replacing(targets: targets))
        result.layout?.targets[target] = field.converted(to: .int32)
        return result
    }
}

extension DataLayout {
    func field(target: Int) throws -> DataField {
        guard targets.indices.contains(target) else {
            let has = targets.isEmpty ? "no targets" : "\(targets.count) targets, no number \(target + 1)"
            throw DataError(.invalidArgument, "the data set has \(has)")
        }
        return targets[target]
    }
}

extension Tensor {
    /// The first of the elements in `range` that is no whole number in `0..<classes`, and what to say of it.
    func firstBadLabel(in range: Range<Int>, classes: Int) -> (element: Int, message: String)? {
        // Put together for a fault only: this is called for every row.
        var outside: String { "is out of range; there are \(classes) classes, 0...\(classes - 1)" }
        switch elements {
        case .int32(let values):
            guard let element = range.first(where: { values[$0] < 0 || Int(values[$0]) >= classes }) else { return nil }
            return (element, "label \(values[element]) \(outside)")
        case .float32(let values):
            let limit = Float(classes)
            guard
                let element = range.first(where: {
                    !(values[$0] >= 0 && values[$0] < limit) || values[$0].rounded(.towardZero) != values[$0]
                })
            else { return nil }
            let value = values[element]
            guard value.isFinite, value.rounded(.towardZero) == value else {
                return (element, "label \(value) is not a whole number")
            }
            return (element, "label \(Int(exactly: value).map(String.init) ?? "\(value)") \(outside)")
        }
    }
}
