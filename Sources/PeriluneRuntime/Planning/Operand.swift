internal import PeriluneGraph

/// An operand of a node in a fused loop: what it reads, and how its elements spread over the loop.
struct Operand: Hashable {
    enum Access: Hashable {
        case full
        case scalar
        /// Element c for column c of each row.
        case perColumn(columns: Int)
        /// Element r for all the columns of row r.
        case perRow(columns: Int)
        case constant(Float)
    }

    /// The memory that is read; for a constant, the node that says it.
    let source: Value
    let access: Access
}

extension GraphAnalysis {
    /// How a fused loop reads `value`. Broadcasts are read through where the loop can do so.
    func operand(_ value: Value) -> Operand {
        let base = root(value)
        if case .fill(let number) = op(base) { return Operand(source: base, access: .constant(number)) }
        guard case .broadcast(let shape) = op(base) else { return Operand(source: base, access: .full) }
        let inner = graph[base.node].inputs[0]
        if case .fill(let number) = op(root(inner)) {
            return Operand(source: root(inner), access: .constant(number))
        }
        if spec(inner).shape.elementCount == 1 { return Operand(source: scalarSource(inner), access: .scalar) }
        if let access = Self.access(of: spec(inner).shape, in: shape) {
            return Operand(source: root(inner), access: access)
        }
        return Operand(source: base, access: .full)
    }

    /// The operands of `id`, all of which see the same number of columns: a loop has rows of one length, so a broadcast
    /// that wants another length is read from memory, where a step of its own puts it.
    func consistentOperands(of id: NodeID) -> [Operand] {
        var columns = reductionSide(id).flatMap { $0.side == .all ? nil : $0.columns }
        return graph[id].inputs.map { input in
            let operand = operand(input)
            switch operand.access {
            case .perColumn(let count), .perRow(let count):
                guard count == columns ?? count else { return Operand(source: root(input), access: .full) }
                columns = count
            case .full, .scalar, .constant: break
            }
            return operand
        }
    }

    /// The row length that `id` asks a loop for, if it does.
    func columns(of id: NodeID) -> Int? {
        if let (side, columns) = reductionSide(id), side != .all { return columns }
        for operand in operands(of: id) {
            switch operand.access {
            case .perColumn(let count), .perRow(let count): return count
            case .full, .scalar, .constant: continue
            }
        }
        return nil
    }

    private func scalarSource(_ value: Value) -> Value {
        var base = root(value)
        while case .broadcast = op(base) { base = root(graph[base.node].inputs[0]) }
        return base
    }

    /// How a tensor of `inner` is read when broadcast to `shape`, or nil where rows and columns do not describe it.
    static func access(of inner: Shape, in shape: Shape) -> Operand.Access? {
        let aligned = [Int](repeating: 1, count: shape.rank - inner.rank) + inner.dimensions
        // Axes of extent 1 in the result say nothing.
        let axes = shape.dimensions.indices.filter { shape[$0] != 1 }
        guard let firstKept = axes.firstIndex(where: { aligned[$0] != 1 }) else { return nil }
        let kept = axes[firstKept...]
        if kept.allSatisfy({ aligned[$0] == shape[$0] }) {
            return firstKept == 0 ? .full : .perColumn(columns: kept.map { shape[$0] }.reduce(1, *))
        }
        let lead = axes.prefix { aligned[$0] == shape[$0] }
        let rest = axes.dropFirst(lead.count)
        guard firstKept == 0, rest.allSatisfy({ aligned[$0] == 1 }) else { return nil }
        return .perRow(columns: rest.map { shape[$0] }.reduce(1, *))
    }

    /// How a reduction in a loop sees its operand as a matrix: which side is combined, and how many columns there are;
    /// nil where it is neither all, nor the first, nor the last axes, or not of float32.
    func reductionSide(_ id: NodeID) -> (side: ReductionSide, columns: Int)? {
        guard case .reduce(_, let axes) = graph[id].op, spec(graph[id].inputs[0]).dtype == .float32 else { return nil }
        let shape = spec(graph[id].inputs[0]).shape
        let wide = shape.dimensions.indices.filter { shape[$0] != 1 }
        let reduced = wide.filter { axes.contains($0) }
        if reduced.count == wide.count { return (.all, shape.elementCount) }
        if reduced == Array(wide.suffix(reduced.count)) {
            return (.columns, reduced.map { shape[$0] }.reduce(1, *))
        }
        if reduced == Array(wide.prefix(reduced.count)) {
            return (.rows, wide.dropFirst(reduced.count).map { shape[$0] }.reduce(1, *))
        }
        return nil
    }
}

enum ReductionSide: Hashable {
    case all
    /// Along each row.
    case columns
    /// Along each column.
    case rows
}
