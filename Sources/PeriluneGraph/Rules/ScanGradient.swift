/// The gradient of a loop: a loop the other way round.
///
/// A step and its gradient are built together first. What the gradient takes of the step is then either computed again
/// from the carries, or kept by the loop itself, which gets further outputs for that. Gradients of constants are sums
/// over all steps: where those are of products, one product of all steps after the loop gives them.
struct ScanGradient {
    let scan: Scan
    /// The node of the loop, and its operands.
    let loop: NodeID
    let x: [SymbolicTensor]
    let builder: GraphBuilder
    /// A step and its gradient, in one graph.
    let joint: GraphBuilder
    let inputs: [SymbolicTensor]
    let results: [SymbolicTensor]
    /// How many nodes of `joint` are the step's.
    let stepNodes: Int

    /// The carries of the loop back: what they are before it, and in its step before and after.
    var carries: [(initial: SymbolicTensor, before: Value, after: Value)] = []
    /// The sequences that the loop back gets: gradients of outputs.
    var rows: [(sequence: SymbolicTensor, value: Value)] = []
    /// Values of the step whose rows the loop gives besides its outputs.
    var kept: [Value] = []
    var keptRows: [SymbolicTensor] = []
    /// Values whose rows the loop back gives.
    var given: [Value] = []

    /// Rows of a value for all steps.
    private enum Rows {
        case known(SymbolicTensor)
        /// Of the loop, by position in `kept`, or of the loop back, by position in `given`.
        case kept(Int)
        case given(Int)
    }

    /// How a gradient of a constant is summed over the steps.
    private enum Sum {
        /// Aᵀ·B of each step.
        case product(Rows, Rows)
        case reduced(Rows, axes: [Int])
        case scattered(indices: Rows, updates: Rows, rows: Int)
        /// By position in `carries`.
        case carried(Int)
    }

    /// Gradients of the loop's operands: initial carries, sequences, constants.
    static func operandGradients(
        _ scan: Scan, x: [SymbolicTensor], y: [SymbolicTensor], dy: [SymbolicTensor?], isWanted: [Bool]
    ) throws -> [SymbolicTensor?] {
        var gradient = try ScanGradient(scan, x: x, y: y)
        return try gradient.operandGradients(dy, isWanted)
    }

    private init(_ scan: Scan, x: [SymbolicTensor], y: [SymbolicTensor]) throws {
        (self.scan, self.x) = (scan, x)
        (loop, builder) = (y[0].value.node, y[0].builder)
        let joint = GraphBuilder()
        inputs = (scan.stepSpecs(x.map(\.spec)) ?? []).enumerated().map { joint.input($0.offset, $0.element) }
        var replay = GraphReplay(scan.body, in: joint)
        replay.replaceInputs(by: inputs)
        results = try scan.body.outputs.map { try replay.copy($0.value) }
        stepNodes = joint.graph.nodes.count
        self.joint = joint
    }

    private mutating func operandGradients(_ dy: [SymbolicTensor?], _ isWanted: [Bool]) throws -> [SymbolicTensor?] {
        let gradients = try stepGradients(dy)
        let firstConstant = scan.carryCount + scan.sequenceCount
        // In order: what is added to the graph must not depend on how a dictionary is hashed.
        var ofRows: [(input: Int, position: Int)] = []
        for index in scan.carryCount..<firstConstant where isWanted[index] {
            if let gradient = gradients[index] { ofRows.append((index, give(gradient.value))) }
        }
        var ofConstants: [(input: Int, sum: Sum)] = []
        for index in inputs.indices.dropFirst(firstConstant) where isWanted[index] {
            guard let gradient = gradients[index] else { continue }
            for term in terms(gradient.value) { ofConstants.append((index, try sum(term))) }
        }
        let back = try loopBack()
        func all(_ rows: Rows) -> SymbolicTensor {
            switch rows {
            case .known(let tensor): tensor
            case .kept(let position): keptRows[position]
            case .given(let position): back[carries.count + position]
            }
        }
        var results: [SymbolicTensor?] = inputs.map { _ in nil }
        var next = 0
        for index in 0..<scan.carryCount where inputs[index].dtype == .float32 {
            results[index] = back[next]
            next += 1
        }
        for (input, position) in ofRows { results[input] = back[carries.count + position] }
        for (input, sum) in ofConstants {
            let term = try total(sum, back, all).reshaped(to: inputs[input].shape)
            results[input] = try results[input].map { try $0 + term } ?? term
        }
        return results
    }

    /// The gradients of a step's inputs, in `joint`; nil where there are none.
    private mutating func stepGradients(_ dy: [SymbolicTensor?]) throws -> [SymbolicTensor?] {
        var seeds: [(tensor: SymbolicTensor, gradient: SymbolicTensor)] = []
        for (index, result) in results.enumerated() where result.dtype == .float32 {
            guard index < scan.carryCount || dy[index] != nil else { continue }
            let seed = joint.input(inputs.count + index, result.spec)
            seeds.append((result, seed))
            if index < scan.carryCount {
                let initial = try dy[index] ?? builder.fill(0).broadcast(to: result.shape)
                carries.append((initial, seed.value, seed.value))
            } else if let sequence = dy[index] {
                rows.append((sequence, seed.value))
            }
        }
        let float = inputs.indices.filter { inputs[$0].dtype == .float32 }
        let found = try joint.pullBack(seeds, to: float.map { inputs[$0] })
        var gradients: [SymbolicTensor?] = inputs.map { _ in nil }
        for (index, gradient) in zip(float, found) { gradients[index] = gradient }
        var next = 0
        for index in 0..<scan.carryCount where inputs[index].dtype == .float32 {
            let after = try gradients[index] ?? joint.fill(0).broadcast(to: inputs[index].shape)
            carries[next].after = after.value
            next += 1
        }
        return gradients
    }

    // MARK: Sums over the steps

    /// The summands of a gradient.
    private func terms(_ gradient: Value) -> [Value] {
        var (found, open): ([Value], [Value]) = ([], [gradient])
        while let value = open.popLast() {
            let node = joint.graph[value.node]
            if value.node.index >= stepNodes, node.op == .binary(.add) {
                open += node.inputs
            } else {
                found.append(value)
            }
        }
        return found
    }

    private mutating func sum(_ term: Value) throws -> Sum {
        var node = joint.graph[term.node]
        if case .reshape = node.op { node = joint.graph[node.inputs[0].node] }
        if case .matmul(true, false) = node.op, node.outputs[0].shape.rank == 2 {
            return try .product(rows(of: node.inputs[0]), rows(of: node.inputs[1]))
        }
        if case .reduce(.sum, let axes) = node.op {
            return try .reduced(rows(of: node.inputs[0]), axes: [0] + axes.map { $0 + 1 })
        }
        if case .scatterAdd(let count) = node.op {
            return try .scattered(indices: rows(of: node.inputs[0]), updates: rows(of: node.inputs[1]), rows: count)
        }
        let spec = joint.graph.spec(of: term)
        let before = joint.input(inputs.count + results.count + carries.count, spec)
        let after = try before + SymbolicTensor(term, in: joint)
        carries.append((try builder.fill(0).broadcast(to: spec.shape), before.value, after.value))
        return .carried(carries.count - 1)
    }

    private func total(
        _ sum: Sum, _ back: [SymbolicTensor], _ all: (Rows) -> SymbolicTensor
    ) throws -> SymbolicTensor {
        /// The rows of all steps as those of one tensor.
        func joined(_ rows: Rows) throws -> SymbolicTensor {
            let (tensor, inner) = (all(rows), all(rows).shape.dropFirst())
            return try tensor.reshaped(to: inner.replacing(axis: 0, with: scan.length * inner[0]))
        }
        switch sum {
        case .product(let a, let b): return try joined(a).matmul(joined(b), transposeA: true)
        case .reduced(let rows, let axes): return try all(rows).sum(axes)
        case .scattered(let indices, let updates, let rows):
            return try builder.emit(.scatterAdd(rows: rows), [all(indices), all(updates)])[0]
        case .carried(let position): return back[position]
        }
    }

    private mutating func rows(of value: Value) throws -> Rows {
        guard value.node.index < stepNodes else { return .given(give(value)) }
        if case .input(let position) = joint.graph[value.node].op {
            if position >= scan.carryCount + scan.sequenceCount {
                return try .known(x[position].expandingAxis(0).broadcast(to: x[position].shape.prepending(scan.length)))
            }
            if position >= scan.carryCount { return .known(x[position]) }
            return .kept(keep(value))
        }
        switch scan.memory {
        case .keep: return .kept(keep(value))
        case .recompute: return .given(give(value))
        }
    }

    private mutating func give(_ value: Value) -> Int {
        if let known = given.firstIndex(of: value) { return known }
        given.append(value)
        return given.count - 1
    }

    mutating func keep(_ value: Value) -> Int {
        if let known = kept.firstIndex(of: value) { return known }
        kept.append(value)
        return kept.count - 1
    }
}
