extension ScanStep {
    /// The same loop with less in its step: what depends on constants alone, and products of rows with constants, with
    /// what they are made of, become operands that are computed outside of the loop, for all steps at once.
    func hoisted(length: Int, in builder: GraphBuilder) throws -> ScanStep {
        var hoisting = ScanHoisting(self, length: length, in: builder)
        return try hoisting.run()
    }
}

private struct ScanHoisting {
    /// What a value of a step depends on: the most that it does.
    private enum Level: Int {
        case constant, row, carry
    }

    private let step: ScanStep
    private let graph: Graph
    private let builder: GraphBuilder
    private let length: Int
    private var levels: [Level] = []
    /// Which nodes can be computed for all steps at once, and for which of them it is done.
    private var canLift: [Bool] = []
    private var isLifted: [Bool] = []
    /// Values of the step outside of the loop: constants as they are, and rows with all steps in front.
    private var constants: GraphReplay
    private var lifted: [Value: SymbolicTensor] = [:]

    init(_ step: ScanStep, length: Int, in builder: GraphBuilder) {
        (self.step, self.graph, self.builder, self.length) = (step, step.graph, builder, length)
        constants = GraphReplay(step.graph, in: builder)
        for (index, node) in graph.nodes.enumerated() {
            classify(node)
            guard case .input(let position) = node.op else { continue }
            let value = Value(NodeID(index: index))
            switch levels[index] {
            case .carry: break
            case .row: lifted[value] = step.sequences[position - step.initial.count]
            case .constant: constants.replace(value, by: step.operands[position])
            }
        }
    }

    mutating func run() throws -> ScanStep {
        let frontier = frontier()
        let inner = GraphBuilder()
        var replay = GraphReplay(graph, in: inner)
        var (sequences, operands): ([SymbolicTensor], [SymbolicTensor]) = ([], [])
        for (index, node) in graph.nodes.enumerated() where levels[index] == .carry {
            guard case .input(let position) = node.op else { continue }
            replay.replace(Value(NodeID(index: index)), by: inner.input(position, node.outputs[0]))
        }
        for value in frontier where levels[value.node.index] == .row {
            replay.replace(
                value, by: inner.input(step.initial.count + sequences.count, graph.spec(of: value)))
            sequences.append(try lift(value))
        }
        for value in frontier where levels[value.node.index] == .constant {
            let position = step.initial.count + sequences.count + operands.count
            replay.replace(value, by: inner.input(position, graph.spec(of: value)))
            operands.append(try constants.copy(value))
        }
        let results = try step.results.map { try replay.copy($0).value }
        return ScanStep(
            graph: inner.graph, results: results, initial: step.initial, sequences: sequences, constants: operands)
    }

    // MARK: What is lifted

    private mutating func classify(_ node: Node) {
        levels.append(level(of: node))
        canLift.append(levels[levels.count - 1] == .row && isLiftable(node))
        isLifted.append(canLift[canLift.count - 1] && isWorthLifting(node))
    }

    private func level(of node: Node) -> Level {
        if case .input(let position) = node.op {
            let firstConstant = step.initial.count + step.sequences.count
            return position < step.initial.count ? .carry : position < firstConstant ? .row : .constant
        }
        // Other numbers in each step.
        if case .random = node.op { return .row }
        let inputs = node.inputs.map { levels[$0.node.index] }
        return inputs.contains(.carry) ? .carry : inputs.contains(.row) ? .row : .constant
    }

    private func isLiftable(_ node: Node) -> Bool {
        let isOfLiftable = node.inputs.allSatisfy { levels[$0.node.index] == .constant || canLift[$0.node.index] }
        switch node.op.family {
        case .leaf: return true
        case .view, .elementwise: return isOfLiftable
        case .kernel:
            if case .random = node.op { return true }
            if case .broadcast = node.op { return isOfLiftable }
            return false
        case .primitive:
            guard case .matmul(false, _) = node.op else { return false }
            return node.outputs[0].shape.rank == 2 && isOfLiftable && levels[node.inputs[1].node.index] == .constant
        case .loop: return false
        }
    }

    /// Products, and the bias that is added to one: the product does that on its way.
    private func isWorthLifting(_ node: Node) -> Bool {
        if case .matmul = node.op { return true }
        if case .random = node.op { return true }
        guard node.op == .binary(.add) else { return false }
        return node.inputs.contains { isLifted[$0.node.index] }
            && node.inputs.contains { levels[$0.node.index] == .constant }
    }

    /// The values that the step takes from outside, in the order of their nodes.
    private func frontier() -> [Value] {
        var needed = Set(step.results)
        var found: [Value] = []
        for index in graph.nodes.indices.reversed() {
            let node = graph.nodes[index]
            let values = node.outputs.indices.map { Value(NodeID(index: index), output: $0) }.filter(needed.contains)
            if values.isEmpty { continue }
            if comesFromOutside(index) { found += values.reversed() } else { needed.formUnion(node.inputs) }
        }
        return found.reversed()
    }

    private func comesFromOutside(_ index: Int) -> Bool {
        let node = graph.nodes[index]
        switch levels[index] {
        case .carry: return false
        case .row:
            if case .input = node.op { return true }
            return isLifted[index]
        case .constant:
            if case .broadcast = node.op { return false }
            if case .fill = node.op { return false }
            if case .literal = node.op { return false }
            return !node.op.isView
        }
    }

    // MARK: All steps at once

    /// The values [length, …] of all steps.
    private mutating func lift(_ value: Value) throws -> SymbolicTensor {
        var isNeeded = [Bool](repeating: false, count: value.node.index + 1)
        isNeeded[value.node.index] = true
        for index in isNeeded.indices.reversed() where isNeeded[index] {
            for input in graph.nodes[index].inputs where levels[input.node.index] == .row && lifted[input] == nil {
                isNeeded[input.node.index] = true
            }
        }
        for index in isNeeded.indices where isNeeded[index] {
            let (result, node) = (Value(NodeID(index: index)), graph.nodes[index])
            guard lifted[result] == nil else { continue }
            lifted[result] = try builder.within(node.origin ?? builder.origin) { try lifting(node) }
        }
        guard let all = lifted[value] else {
            throw GraphError(.invalidAttribute, "scan: \(graph[value.node].op.label) cannot be lifted")
        }
        return all
    }

    private mutating func lifting(_ node: Node) throws -> SymbolicTensor {
        let shape = node.outputs[0].shape.prepending(length)
        if case .random(let distribution, _) = node.op { return builder.random(distribution, shape) }
        if case .matmul(_, let transposeB) = node.op {
            // The rows of all steps are the rows of one matrix.
            let matrix = try constants.copy(node.inputs[1])
            return try operand(node.inputs[0]).matmul(matrix, transposeB: transposeB)
        }
        if case .broadcast(let inner) = node.op {
            let rows = try operand(node.inputs[0])
            let ones = [Int](repeating: 1, count: inner.rank + 1 - rows.rank)
            return try rows.reshaped(to: Shape([length] + ones + rows.shape.dropFirst().dimensions))
                .broadcast(to: shape)
        }
        if case .reshape = node.op { return try operand(node.inputs[0]).reshaped(to: shape) }
        return try builder.emit(node.op, node.inputs.map { try operand($0).broadcast(to: shape) })[0]
    }

    /// The operand of a lifted node: [length, …], or [1, …] where it is the same in all steps.
    private mutating func operand(_ value: Value) throws -> SymbolicTensor {
        if let rows = lifted[value] { return rows }
        return try constants.copy(value).expandingAxis(0)
    }
}
