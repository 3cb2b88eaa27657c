// The two loops: the one back, and what the one forth keeps for it.
extension ScanGradient {
    /// Adds the loop back.
    /// - Returns: its carries, then the rows of `given`.
    mutating func loopBack() throws -> [SymbolicTensor] {
        let back = GraphBuilder()
        var replay = GraphReplay(joint.graph, in: back)
        var (sequences, constants): ([SymbolicTensor], [SymbolicTensor]) = ([], [])
        for (index, carry) in carries.enumerated() {
            replay.replace(carry.before, by: back.input(index, joint.graph.spec(of: carry.before)))
        }
        let frontier = frontier()
        keptRows = try keepRows()
        let ofStep = frontier.rows.map { value -> (SymbolicTensor, Value) in
            if case .input(let position) = joint.graph[value.node].op, position >= scan.carryCount {
                return (x[position], value)
            }
            return (keptRows[keep(value)], value)
        }
        for (sequence, value) in rows + ofStep {
            replay.replace(value, by: back.input(carries.count + sequences.count, joint.graph.spec(of: value)))
            sequences.append(sequence)
        }
        for (position, value) in frontier.constants {
            let input = back.input(carries.count + sequences.count + constants.count, joint.graph.spec(of: value))
            replay.replace(value, by: input)
            constants.append(x[position])
        }
        let results = try (carries.map(\.after) + given).map { try replay.copy($0).value }
        let step = ScanStep(
            graph: back.graph, results: results, initial: carries.map(\.initial), sequences: sequences,
            constants: constants)
        return try step.hoisted(length: scan.length, in: builder).emit(
            in: builder, length: scan.length, reversed: !scan.isReversed, memory: scan.memory)
    }

    /// What the loop back takes of the step: rows, and constants by their position.
    private mutating func frontier() -> (rows: [Value], constants: [(Int, Value)]) {
        var needed = Set(carries.map(\.after) + given)
        var rows: [Value] = []
        var constants: [(Int, Value)] = []
        let graph = joint.graph
        for index in graph.nodes.indices.reversed() {
            let node = graph.nodes[index]
            let values = node.outputs.indices.map { Value(NodeID(index: index), output: $0) }.filter(needed.contains)
            if values.isEmpty { continue }
            if case .input(let position) = node.op {
                guard position < inputs.count else { continue }
                if position >= scan.carryCount + scan.sequenceCount {
                    constants.append((position, values[0]))
                } else {
                    rows.append(values[0])
                    if position < scan.carryCount { _ = keep(values[0]) }
                }
            } else if index >= stepNodes || isComputedAgain(node) {
                needed.formUnion(node.inputs)
            } else {
                rows += values
                for value in values { _ = keep(value) }
            }
        }
        return (rows, constants)
    }

    /// Whether the loop back computes a node of the step again rather than find its rows.
    private func isComputedAgain(_ node: Node) -> Bool {
        switch scan.memory {
        case .recompute: return true
        case .keep: break
        }
        /// Whether a value is the same in all steps, and made of nothing.
        func isFixed(_ value: Value) -> Bool {
            let node = joint.graph[value.node]
            if case .fill = node.op { return true }
            if case .literal = node.op { return true }
            if case .input(let position) = node.op { return position >= scan.carryCount + scan.sequenceCount }
            if case .broadcast = node.op { return isFixed(node.inputs[0]) }
            return false
        }
        switch node.op.family {
        case .leaf, .view: return true
        case .elementwise(.binary(let operation)):
            // One operation on what has to be there anyway.
            return operation != .power && node.inputs.contains(where: isFixed)
        case .elementwise(.unary), .elementwise(.select), .elementwise(.cast), .primitive, .loop: return false
        case .kernel:
            if case .broadcast = node.op { return true }
            return false
        }
    }

    /// Gives the loop outputs for the rows of `kept`.
    /// - Returns: these, in the order of `kept`.
    private func keepRows() throws -> [SymbolicTensor] {
        if kept.isEmpty { return [] }
        let inner = GraphBuilder()
        var replay = GraphReplay(joint.graph, in: inner)
        replay.replaceInputs(by: inputs.enumerated().map { inner.input($0.offset, $0.element.spec) })
        // A second gradient of the loop finds what the first one keeps.
        guard case .scan(var scan) = builder.graph[loop].op else { return [] }
        var values = results.map(\.value)
        let positions = kept.map { value in
            if let known = values.dropFirst(scan.carryCount).firstIndex(of: value) { return known }
            values.append(value)
            return values.count - 1
        }
        let copies = try values.map { try replay.copy($0).value }
        scan.body = inner.graph
        scan.body.setOutputs(copies)
        builder.extend(loop, to: scan)
        return positions.map { SymbolicTensor(Value(loop, output: $0), in: builder) }
    }
}
