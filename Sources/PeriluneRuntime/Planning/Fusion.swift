internal import PeriluneGraph

/// What one loop may hold.
struct LoopLimits {
    let values: Int
    let inputs: Int
    let outputs: Int
}

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
    private let limits: LoopLimits
    /// Nodes that need no step of their own, with the node whose step writes their result.
    private let writers: [NodeID: NodeID]
    private var groups: [FusionGroup?] = []
    private var groupOf: [Int?]

    /// - Parameters:
    ///   - limits: what one loop may hold.
    ///   - writers: nodes that the steps of others write, by those others.
    static func groups(
        _ analysis: GraphAnalysis, _ limits: LoopLimits, writers: [NodeID: NodeID]
    ) -> [FusionGroup] {
        var fusion = Fusion(analysis, limits, writers)
        for id in analysis.live where writers[id] == nil && fusion.isFusible(id) { fusion.place(id) }
        return fusion.groups.compactMap { $0 }
    }

    private init(_ analysis: GraphAnalysis, _ limits: LoopLimits, _ writers: [NodeID: NodeID]) {
        (self.analysis, self.limits, self.writers) = (analysis, limits, writers)
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
        guard members.count + loads.count <= limits.values, loads.count <= limits.inputs,
            stores.count <= limits.outputs
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
            if let writer = writers[id] { stack.append(writer) }
        }
        return false
    }
}
