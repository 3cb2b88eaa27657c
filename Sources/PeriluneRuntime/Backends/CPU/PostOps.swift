internal import PeriluneGraph

/// A function that the library's matrix and convolution kernels apply to their result while it is still in registers.
///
/// Relu is not among them, because the library's makes 0 of NaN: it is a loop of its own, or done by the maximum
/// pooling that follows a convolution.
enum PostActivation: Hashable {
    case tanh, sigmoid
}

/// Finds bias additions, activations and bias gradients that kernels do on the side.
struct PostOps {
    struct Absorbed {
        var bias: Value?
        var activation: PostActivation?
        /// The node whose output the kernel then writes.
        var result: NodeID
    }

    /// By matmul or convolution node.
    private(set) var absorbed: [NodeID: Absorbed] = [:]
    /// By node of a maximum pooling: the relu of its result.
    private(set) var rectifiers: [NodeID: NodeID] = [:]
    /// By node of a kernel gradient: the reduction that is its bias gradient.
    private(set) var biasGradients: [NodeID: NodeID] = [:]
    /// Nodes that need no step of their own, with the node whose step writes their result.
    private(set) var writers: [NodeID: NodeID] = [:]

    init(_ analysis: GraphAnalysis) {
        for id in analysis.live {
            let op = analysis.graph[id].op
            if case .matmul = op { absorb(id, analysis) }
            if case .convolution = op { absorb(id, analysis) }
            if case .convolutionKernelGradient = op { absorbBiasGradient(id, analysis) }
            if case .pooling(let attributes) = op, attributes.kind == .maximum { absorbRectifier(id, analysis) }
        }
    }

    private mutating func absorb(_ id: NodeID, _ analysis: GraphAnalysis) {
        var found = Absorbed(result: id)
        if let user = analysis.onlyUser(of: id), analysis.graph[user].op == .binary(.add),
            let bias = biasOperand(of: user, adding: id, analysis)
        {
            found.bias = bias
            found.result = user
        }
        if let user = analysis.onlyUser(of: found.result), let activation = Self.activation(analysis.graph[user].op) {
            found.activation = activation
            if found.result != id { writers[found.result] = id }
            found.result = user
        }
        guard found.result != id else { return }
        writers[found.result] = id
        absorbed[id] = found
    }

    private func biasOperand(of addition: NodeID, adding id: NodeID, _ analysis: GraphAnalysis) -> Value? {
        let operands = analysis.graph[addition].inputs.map(analysis.operand)
        let channels = analysis.graph[id].outputs[0].shape[-1]
        guard operands.count == 2, operands.contains(Operand(source: Value(id), access: .full)) else { return nil }
        return operands.first {
            $0.access == .perColumn(columns: channels) && analysis.spec($0.source).shape.elementCount == channels
        }?.source
    }

    private static func activation(_ op: Op) -> PostActivation? {
        op == .unary(.tanh) ? .tanh : op == .unary(.sigmoid) ? .sigmoid : nil
    }

    /// The relu of a maximum pooling, where nothing else takes the pooled tensor.
    private mutating func absorbRectifier(_ id: NodeID, _ analysis: GraphAnalysis) {
        let users = analysis.users[id.index].filter { user in
            analysis.graph[user].inputs.contains { analysis.root($0) == Value(id) }
        }
        guard users.count == 1, analysis.leavingCount[id.index] == 0, analysis.graph[users[0]].op == .unary(.relu)
        else { return }
        rectifiers[id] = users[0]
        writers[users[0]] = id
    }

    /// The sum of a convolution's output gradient over batch and space, which the kernel gradient computes on its way.
    private mutating func absorbBiasGradient(_ id: NodeID, _ analysis: GraphAnalysis) {
        let gradient = analysis.graph[id].inputs[1]
        let channelsLast = Array(0..<analysis.spec(gradient).shape.rank - 1)
        let reduction = analysis.users[analysis.root(gradient).node.index].first { user in
            analysis.graph[user].op == .reduce(.sum, axes: channelsLast) && writers[user] == nil
                && analysis.graph[user].inputs[0] == gradient
        }
        guard let reduction else { return }
        biasGradients[id] = reduction
        writers[reduction] = id
    }
}
