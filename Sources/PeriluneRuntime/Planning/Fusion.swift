internal import PeriluneGraph

/// Element-wise nodes and reductions that one loop computes together.
struct FusionGroup {
    /// In running order.
    var members: [NodeID]
    /// How many elements the loop runs over.
    var elementCount: Int
    /// How many of them make a row, where some operand or reduction cares.
    var columns: Int?
}

/// Partitions the element-wise nodes and reductions of a graph into loops.
///
/// Starting from single nodes, each node is merged with the loops of its operands where that is possible: the loops run
/// over the same elements, and no value would have to leave the merged loop and come back to it.
struct Fusion {
    private let analysis: GraphAnalysis
    private let postOps: PostOps
    private var groups: [FusionGroup?] = []
    private var groupOf: [Int?]

    static func groups(_ analysis: GraphAnalysis, _ postOps: PostOps) -> [FusionGroup] {
        var fusion = Fusion(analysis, postOps)
        for id in analysis.live where postOps.writers[id] == nil && fusion.isFusible(id) { fusion.place(id) }
        return fusion.groups.compactMap { $0 }
    }

    private init(_ analysis: GraphAnalysis, _ postOps: PostOps) {
        self.analysis = analysis
        self.postOps = postOps
        groupOf = Array(repeating: nil, count: analysis.graph.nodes.count)
    }

    private func isFusible(_ id: NodeID) -> Bool {
        analysis.isElementwise(id) || analysis.reductionSide(id) != nil
    }

    private mutating func place(_ id: NodeID) {
        let node = analysis.graph[id]
        let count = analysis.spec(node.inputs[0]).shape.elementCount
        var group = groups.count
        groups.append(FusionGroup(members: [id], elementCount: count, columns: analysis.columns(of: id)))
        groupOf[id.index] = group
        for operand in analysis.operands(of: id) where operand.access == .full {
            guard let other = groupOf[operand.source.node.index], other != group,
                analysis.isElementwise(operand.source.node), canMerge(other, group)
            else { continue }
            merge(group, into: other)
            group = other
        }
    }

    private mutating func merge(_ source: Int, into target: Int) {
        guard let moved = groups[source], var kept = groups[target] else { return }
        kept.members = (kept.members + moved.members).sorted()
        kept.columns = kept.columns ?? moved.columns
        groups[target] = kept
        groups[source] = nil
        for id in moved.members { groupOf[id.index] = target }
    }

    private func canMerge(_ a: Int, _ b: Int) -> Bool {
        guard let first = groups[a], let second = groups[b], first.elementCount == second.elementCount,
            first.columns == nil || second.columns == nil || first.columns == second.columns
        else { return false }
        let members = Set(first.members + second.members)
        var loads: Set<Operand> = []
        for member in members {
            for operand in analysis.operands(of: member) where !isInternal(operand, members) {
                loads.insert(operand)
            }
        }
        let stores = members.filter { id in
            !analysis.isElementwise(id) || analysis.leavingCount[id.index] > 0
                || analysis.users[id.index].contains { !members.contains($0) }
        }
        // Casting operands of int comparisons takes a value more for each load.
        guard members.count + 2 * loads.count <= LoopLimits.values, loads.count <= LoopLimits.inputs,
            stores.count <= LoopLimits.outputs
        else { return false }
        return !loads.contains { operand in reaches(operand.source.node, members) }
    }

    private func isInternal(_ operand: Operand, _ members: Set<NodeID>) -> Bool {
        operand.access == .full && members.contains(operand.source.node) && analysis.isElementwise(operand.source.node)
    }

    /// Whether computing `start` needs one of `members`, counting that the nodes of a loop run together.
    private func reaches(_ start: NodeID, _ members: Set<NodeID>) -> Bool {
        guard let lowest = members.min() else { return false }
        var visited: Set<NodeID> = []
        var stack = [start]
        while let id = stack.popLast() {
            if members.contains(id) { return true }
            guard visited.insert(id).inserted else { continue }
            let together = groupOf[id.index].flatMap { groups[$0]?.members } ?? [id]
            guard let last = together.last, last > lowest else { continue }
            for member in together {
                visited.insert(member)
                stack += analysis.graph[member].inputs.map(\.node)
            }
            if let writer = postOps.writers[id] { stack.append(writer) }
        }
        return false
    }
}

extension GraphAnalysis {
    /// Whether a node computes each element from the same elements of its operands.
    func isElementwise(_ id: NodeID) -> Bool {
        switch graph[id].op {
        case .unary, .binary, .select, .cast: true
        case .input, .variable, .hyperparameter, .fill, .literal, .random, .broadcast, .reshape, .stopGradient,
            .transpose, .slice, .pad, .concatenate, .reduce, .argMax, .inTopK, .oneHot, .gather, .scatterAdd, .matmul,
            .convolution, .convolutionInputGradient, .convolutionKernelGradient, .pooling, .poolingGradient,
            .batchNormalization, .batchNormalizationGradient, .softmax, .logSoftmax:
            false
        }
    }
}
