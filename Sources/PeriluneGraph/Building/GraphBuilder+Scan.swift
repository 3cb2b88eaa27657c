// Loops over time.
extension GraphBuilder {
    /// Runs a step over the rows of `sequences`, one after another.
    ///
    /// What a step computes of constants alone, and its products of rows with constants, is done outside of the loop,
    /// for all steps at once. Random numbers that a step asks for are other ones in each step.
    ///
    /// - Parameters:
    ///   - initial: the carries before the first step.
    ///   - sequences: tensors [length, …]; a step sees […].
    ///   - constants: what all steps see. A step can use no other tensor of this graph.
    ///   - length: how many steps there are, 0 or more.
    ///   - isReversed: whether the last rows come first.
    ///   - memory: what is kept for the gradient.
    ///   - step: one step, built in the graph that it is handed.
    /// - Returns: the carries after the last step, and the outputs of all steps [length, …].
    /// - Throws: `GraphError` where operands do not fit, or a carry changes its spec; what `step` throws.
    public func scan(
        _ initial: [SymbolicTensor], over sequences: [SymbolicTensor], constants: [SymbolicTensor] = [], length: Int,
        reversed isReversed: Bool = false, memory: Scan.Memory = .keep,
        step: (
            _ builder: GraphBuilder, _ carries: [SymbolicTensor], _ rows: [SymbolicTensor],
            _ constants: [SymbolicTensor]
        ) throws -> (carries: [SymbolicTensor], outputs: [SymbolicTensor])
    ) throws -> (carries: [SymbolicTensor], outputs: [SymbolicTensor]) {
        for (index, sequence) in sequences.enumerated() where sequence.shape.dimensions.first != length {
            throw GraphError(
                .shapeMismatch, "scan: sequence \(index + 1) has shape \(sequence.shape), and there are \(length) steps"
            )
        }
        let inner = GraphBuilder()
        let specs =
            initial.map(\.spec) + sequences.map { TensorSpec($0.shape.dropFirst(), $0.dtype) } + constants.map(\.spec)
        let inputs = specs.enumerated().map { inner.input($0.offset, $0.element) }
        let rowsEnd = initial.count + sequences.count
        let results = try inner.within(origin) {
            try step(
                inner, Array(inputs[..<initial.count]), Array(inputs[initial.count..<rowsEnd]),
                Array(inputs[rowsEnd...]))
        }
        guard results.carries.count == initial.count else {
            throw GraphError(
                .invalidAttribute, "scan: takes \(initial.count) carries, and a step gives \(results.carries.count)")
        }
        let step = ScanStep(
            graph: inner.graph, results: (results.carries + results.outputs).map(\.value), initial: initial,
            sequences: sequences, constants: constants)
        let all = try step.hoisted(length: length, in: self).emit(
            in: self, length: length, reversed: isReversed, memory: memory)
        return (Array(all[..<initial.count]), Array(all[initial.count...]))
    }
}

/// A step of a loop with what it runs on, before it is an operation.
struct ScanStep {
    /// Its inputs are those of `Scan.body`.
    let graph: Graph
    /// The next carries, then the rows of outputs.
    let results: [Value]
    let initial: [SymbolicTensor]
    let sequences: [SymbolicTensor]
    let constants: [SymbolicTensor]

    var operands: [SymbolicTensor] { initial + sequences + constants }

    /// Adds the loop to `builder`'s graph.
    func emit(
        in builder: GraphBuilder, length: Int, reversed isReversed: Bool, memory: Scan.Memory
    ) throws -> [SymbolicTensor] {
        var body = graph
        body.setOutputs(results)
        let scan = Scan(
            body: body, length: length, carryCount: initial.count, sequenceCount: sequences.count,
            isReversed: isReversed, memory: memory)
        return try builder.emit(.scan(scan), operands)
    }
}

extension Graph {
    /// Makes these values all that leaves the graph, named by their position.
    mutating func setOutputs(_ values: [Value]) {
        outputs = values.enumerated().map { Output(name: String($0.offset), value: $0.element) }
    }
}
