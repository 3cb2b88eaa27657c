// Reverse-mode differentiation.
extension GraphBuilder {
    /// Adds the gradients of `target` with respect to each of `sources`; zeros where it does not depend on one.
    /// - Parameter target: a float32 tensor; where it is not a scalar, its elements are summed.
    /// - Throws: `GraphError` where an operation on the way has no gradient.
    public func gradients(of target: SymbolicTensor, withRespectTo sources: [SymbolicTensor]) throws -> [SymbolicTensor]
    {
        let one = try fill(1).broadcast(to: target.shape)
        let gradients = try pullBack([(target, one)], to: sources)
        return try zip(sources, gradients).map { source, gradient in
            try gradient ?? fill(0).broadcast(to: source.shape)
        }
    }

    /// Adds the gradients of `sources`, given those of some results; nil for a source that no result depends on.
    ///
    /// A walk over the nodes from last to first: when a node is reached, everything that uses it has been, so its
    /// output gradients are complete.
    /// - Throws: `GraphError` where an operation on the way has no gradient.
    func pullBack(
        _ results: [(tensor: SymbolicTensor, gradient: SymbolicTensor)], to sources: [SymbolicTensor]
    ) throws -> [SymbolicTensor?] {
        var gradients: [Value: SymbolicTensor] = [:]
        for (tensor, gradient) in results {
            gradients[tensor.value] = try gradients[tensor.value].map { try $0 + gradient } ?? gradient
        }
        guard let last = results.map(\.tensor.value.node).max() else { return sources.map { _ in nil } }
        let depends = nodesDepending(on: sources.map(\.value), through: last)
        let wanted = Set(sources.map(\.value))
        for index in stride(from: last.index, through: 0, by: -1) where depends[index] {
            let node = graph.nodes[index]
            let id = NodeID(index: index)
            let y = node.outputs.indices.map { SymbolicTensor(Value(id, output: $0), in: self) }
            let dy = y.map { gradients[$0.value] }
            guard dy.contains(where: { $0 != nil }) else { continue }
            let x = node.inputs.map { SymbolicTensor($0, in: self) }
            // What differentiates a node comes from where the node does.
            let isWanted = node.inputs.map { depends[$0.node.index] || wanted.contains($0) }
            let dx = try within(node.origin) {
                try GradientRules.operandGradients(node, x: x, y: y, dy: dy, isWanted: isWanted)
            }
            for (index, operand) in node.inputs.enumerated() where isWanted[index] && dx.indices.contains(index) {
                guard let gradient = dx[index] else { continue }
                gradients[operand] = try gradients[operand].map { try $0 + gradient } ?? gradient
            }
        }
        return sources.map { gradients[$0.value] }
    }

    /// Which nodes up to `last` have a path to one of `sources`. The sources' own nodes count.
    private func nodesDepending(on sources: [Value], through last: NodeID) -> [Bool] {
        var depends = [Bool](repeating: false, count: last.index + 1)
        for source in sources where source.node <= last { depends[source.node.index] = true }
        for index in 0...last.index where !depends[index] {
            depends[index] = graph.nodes[index].inputs.contains { depends[$0.node.index] }
        }
        return depends
    }
}
