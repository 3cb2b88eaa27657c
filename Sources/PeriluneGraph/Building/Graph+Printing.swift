extension Graph: CustomStringConvertible {
    /// The live nodes, one a line, in a form that is stable enough for golden tests:
    /// `%3 = matmul(%0, %2) : float32[32, 10]`.
    public var description: String {
        func name(_ value: Value) -> String {
            value.output == 0 ? "%\(value.node.index)" : "%\(value.node.index).\(value.output)"
        }
        var lines = liveNodes.map { id in
            let node = self[id]
            let operands = node.inputs.map(name).joined(separator: ", ")
            let specs = node.outputs.map(\.description).joined(separator: ", ")
            return "%\(id.index) = \(node.op.label)\(node.inputs.isEmpty ? "" : "(\(operands))") : \(specs)"
        }
        lines += outputs.map { "\($0.name) = \(name($0.value))" }
        lines += updates.map { "v\($0.variable.index) := \(name($0.value))" }
        return lines.joined(separator: "\n")
    }
}

extension Op {
    /// A short name with the attributes that tell operations of one kind apart.
    public var label: String {
        switch self {
        case .input(let index): "input \(index)"
        case .variable(let id): "variable v\(id.index)"
        case .hyperparameter(let id): "hyperparameter h\(id.index)"
        case .fill(let value): "fill \(value)"
        case .literal: "literal"
        case .random(let distribution, let stream): "random \(distribution) #\(stream)"
        case .unary(let operation): operation.rawValue
        case .binary(let operation): operation.rawValue
        case .select: "select"
        case .cast(let dtype): "cast \(dtype.rawValue)"
        case .stopGradient: "stopGradient"
        case .broadcast: "broadcast"
        case .reshape: "reshape"
        case .transpose(let permutation): "transpose \(permutation)"
        case .slice(let starts, _): "slice \(starts)"
        case .pad(let before, let after): "pad \(before) \(after)"
        case .concatenate(let axis): "concatenate \(axis)"
        case .reduce(let operation, let axes): "reduce \(operation.rawValue) \(axes)"
        case .argMax: "argMax"
        case .inTopK(let k): "inTopK \(k)"
        case .oneHot(let depth): "oneHot \(depth)"
        case .gather: "gather"
        case .scatterAdd: "scatterAdd"
        case .matmul(let transposeA, let transposeB): "matmul\(transposeA ? " aT" : "")\(transposeB ? " bT" : "")"
        case .convolution: "convolution"
        case .convolutionInputGradient: "convolutionInputGradient"
        case .convolutionKernelGradient: "convolutionKernelGradient"
        case .pooling(let attributes): "pooling \(attributes.kind.rawValue)"
        case .poolingGradient(let attributes, _): "poolingGradient \(attributes.kind.rawValue)"
        case .batchNormalization: "batchNormalization"
        case .batchNormalizationGradient: "batchNormalizationGradient"
        case .softmax: "softmax"
        case .logSoftmax: "logSoftmax"
        }
    }
}
