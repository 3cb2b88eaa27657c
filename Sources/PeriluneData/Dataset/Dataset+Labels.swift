import PeriluneGraph

extension Dataset {
    /// Checks that a target holds class numbers: whole, and in `0..<classes`. Done before the first batch.
    ///
    /// - Parameters:
    ///   - target: which target, from 0.
    ///   - classes: how many classes the model tells apart.
    /// - Throws: `DataError` with the row and value of the first label that is no class; where there is no such target.
    ///   A generator's labels are checked batch by batch instead, by the rules that a `Batcher` is given.
    public func validateLabels(target: Int = 0, classes: Int) throws {
        let (store, _, layout) = try inMemory("validating labels")
        let field = try layout.field(target: target)
        guard classes >= 1 else { throw DataError(.invalidArgument, "there must be at least 1 class, got \(classes)") }
        try check(.classes(classes), store.targets[target], field, isTarget: true)
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

extension Dataset {
    /// This data set with its values checked against `rules`, and class numbers as int32.
    ///
    /// - Throws: `DataError` with row, column and value of the first that breaks a rule; for a generator.
    func checked(by rules: FieldRules) throws -> Dataset {
        let (store, _, layout) = try inMemory("checking values")
        var result = self
        for (index, field) in layout.inputs.enumerated() where rules.inputs.indices.contains(index) {
            try check(rules.inputs[index], store.inputs[index], field, isTarget: false)
        }
        for (index, rule) in rules.targets.enumerated() {
            if case .classes(let classes) = rule {
                result = try result.withLabels(target: index, classes: classes)
            } else if layout.targets.indices.contains(index) {
                try check(rule, store.targets[index], layout.targets[index], isTarget: true)
            }
        }
        return result
    }

    private func check(_ rule: FieldRule, _ tensor: Tensor, _ field: DataField, isTarget: Bool) throws {
        if case .any = rule { return }
        let (store, rows, _) = try inMemory("checking values")
        let width = field.spec.shape.elementCount
        func check(_ range: Range<Int>) throws {
            guard let fault = rule.firstFault(in: tensor, range, width: width) else { return }
            throw store.error(
                fault.message, row: fault.element / width, column: field.columnName(fault.element % width),
                isTarget: isTarget)
        }
        switch rows {
        case .range(let range): try check(range.lowerBound * width..<range.upperBound * width)
        case .list(let list): for row in list { try check(Int(row) * width..<(Int(row) + 1) * width) }
        }
    }
}

extension Tensor {
    /// The first of the elements in `range` that is no whole number in `0..<classes`, and what to say of it.
    func firstBadLabel(in range: Range<Int>, classes: Int) -> (element: Int, message: String)? {
        // Put together for a fault only: this is called for every row.
        var outside: String { "is out of range; there are \(classes) classes, 0...\(classes - 1)" }
        guard let element = firstNonIndex(in: range, limit: classes) else { return nil }
        let value = text(of: element)
        if case .float32(let values) = elements, !(values[element].rounded(.towardZero) == values[element]) {
            return (element, "label \(value) is not a whole number")
        }
        return (element, "label \(value) \(outside)")
    }
}
