/// A loop over time whose step is a graph of its own.
///
/// A step takes what the step before has handed on (the carries), its own row of each sequence, and constants; it
/// gives what it hands on and its own row of each output. The number of nodes does not depend on the length.
public struct Scan: Hashable, Sendable {
    /// What the backward pass finds when it comes to a step.
    public enum Memory: String, Hashable, Sendable, CaseIterable {
        /// All that the step has computed and the gradient needs: the most memory, and the least time.
        case keep
        /// The carries alone, from which the step is computed again.
        case recompute
    }

    /// One step. Its inputs are the carries, then the rows of the sequences, then the constants, by position; its
    /// outputs are the carries for the next step, then the rows of the outputs.
    public internal(set) var body: Graph
    /// How many steps there are, 0 or more: the first extent of sequences and outputs.
    public let length: Int
    public let carryCount: Int
    public let sequenceCount: Int
    /// Whether the last rows come first. Rows stay where they are: what a step gives stands beside what it took.
    public let isReversed: Bool
    public let memory: Memory

    /// How many rows of outputs a step gives.
    public var outputCount: Int { body.outputs.count - carryCount }

    /// The specs of a step's inputs for these operands, or nil where a sequence has not `length` rows.
    func stepSpecs(_ operands: [TensorSpec]) -> [TensorSpec]? {
        var specs = operands
        for index in carryCount..<carryCount + sequenceCount {
            guard operands[index].shape.dimensions.first == length else { return nil }
            specs[index] = TensorSpec(operands[index].shape.dropFirst(), operands[index].dtype)
        }
        return specs
    }

    /// The specs of carries and outputs.
    var resultSpecs: [TensorSpec] {
        body.outputs.enumerated().map { index, output in
            let spec = body.spec(of: output.value)
            return index < carryCount ? spec : TensorSpec(spec.shape.prepending(length), spec.dtype)
        }
    }
}
