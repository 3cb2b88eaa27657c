internal import PeriluneGraph

// Where values leave the program: outputs that the caller reads, and variables that take a new value.
extension WorkList {
    /// The buffer in which the caller finds `value` after a run.
    mutating func output(_ value: Value) -> BufferID {
        let source = buffer(value)
        switch buffers[source.index].home {
        case .arena, .output:
            setHome(.output, of: source)
            return source
        case .variable, .input, .hyperparameter, .result, .literal:
            // Its memory is not the program's to keep.
            let copy = newBuffer(.output, buffers[source.index].contents)
            addCopy(source, copy)
            return copy
        }
    }

    /// Makes a value appear where the caller says, as its result number `index`.
    mutating func result(_ value: Value, _ index: Int) -> BufferID {
        let source = buffer(value)
        switch buffers[source.index].home {
        case .arena:
            setHome(.result(index), of: source)
            return source
        case .variable, .input, .hyperparameter, .output, .result, .literal:
            let copy = newBuffer(.result(index), buffers[source.index].contents)
            addCopy(source, copy)
            return copy
        }
    }

    /// Makes variables take their new values, in place where that is safe, and puts all items in order.
    ///
    /// All updates see the variables as they were before the run: what reads the old value runs before the item that
    /// writes the new one. Where that cannot be, the value is made elsewhere and copied at the end.
    mutating func placeUpdates(_ updates: [Graph.Update]) -> [Int] {
        let before = self
        if let order = place(updates, inPlace: true) { return order }
        self = before
        guard let order = place(updates, inPlace: false) else {
            preconditionFailure("a graph's nodes are in running order, so its items cannot wait in a circle")
        }
        return order
    }

    private mutating func place(_ updates: [Graph.Update], inPlace: Bool) -> [Int]? {
        var ancestors = inPlace ? Ancestors(items) : nil
        var writerOfVariable: [(variable: VariableID, writer: Int)] = []
        for update in updates {
            let source = buffer(update.value)
            if ancestors?.count != items.count, inPlace { ancestors = Ancestors(items) }
            if let ancestors, let writer = writer(of: source, inPlaceOf: update.variable, ancestors) {
                setHome(.variable(update.variable), of: source)
                writerOfVariable.append((update.variable, writer))
                if items[writer].writes.allSatisfy(isVariable) { markUpdate(writer) }
            } else {
                writerOfVariable.append((update.variable, addUpdateCopy(source, update.variable)))
            }
        }
        var after = Schedule.dependencies(items)
        let readers = readersOfOldValues()
        for (variable, writer) in writerOfVariable {
            after[writer] += (readers[variable] ?? []).filter { $0 != writer && !after[writer].contains($0) }
        }
        return Schedule.order(items, after: after)
    }

    private func isVariable(_ buffer: BufferID) -> Bool {
        if case .variable = buffers[buffer.index].home { true } else { false }
    }

    /// The one item that writes `source`, if it may write to the variable's memory instead.
    private func writer(of source: BufferID, inPlaceOf variable: VariableID, _ ancestors: Ancestors) -> Int? {
        guard buffers[source.index].home == .arena else { return nil }
        let writers = items.indices.filter { items[$0].writes.contains(source) }
        guard writers.count == 1, let writer = writers.first else { return nil }
        for reader in items.indices {
            for buffer in items[reader].reads where buffers[buffer.index].home == .variable(variable) {
                // A new value of the variable is not the old one.
                guard !items.contains(where: { $0.writes.contains(buffer) }) else { continue }
                if reader == writer {
                    guard items[writer].kernel.readsElementwise(buffer, of: items[writer].reads) else { return nil }
                } else if ancestors.item(reader, dependsOn: writer) {
                    return nil
                }
            }
        }
        return writer
    }

    private func readersOfOldValues() -> [VariableID: [Int]] {
        let written = Set(items.flatMap(\.writes))
        var readers: [VariableID: [Int]] = [:]
        for (index, item) in items.enumerated() {
            for buffer in item.reads where !written.contains(buffer) {
                if case .variable(let id) = buffers[buffer.index].home { readers[id, default: []].append(index) }
            }
        }
        return readers
    }

    /// Copies `source` to the variable at the end; by way of the arena where it is another variable, which may be about
    /// to change itself. Returns the item that writes the variable.
    private mutating func addUpdateCopy(_ source: BufferID, _ variable: VariableID) -> Int {
        var source = source
        if isVariable(source) {
            let copy = newBuffer(.arena, buffers[source.index].contents)
            addCopy(source, copy)
            source = copy
        }
        let target = newBuffer(.variable(variable), buffers[source.index].contents)
        addCopy(source, target)
        return items.count - 1
    }

    private mutating func addCopy(_ source: BufferID, _ target: BufferID) {
        add(Device.move(ElementBox(copying: buffers[source.index].contents)), [source], [target], rank: .max)
    }
}
