// Reducing along axes and selecting by index.
extension SymbolicTensor {
    /// The elements along `axes` combined; all axes where nil. Axes may be negative.
    public func reduced(
        _ operation: ReduceOperation, _ axes: [Int]? = nil, keepingAxes: Bool = false
    ) throws -> SymbolicTensor {
        var front: Set<Int> = []
        for axis in axes ?? Array(0..<rank) {
            guard let index = shape.normalized(axis: axis) else {
                throw GraphError(.invalidAttribute, "\(operation.rawValue): shape \(shape) has no axis \(axis)")
            }
            front.insert(index)
        }
        let result =
            front.isEmpty ? self : try builder.emit(.reduce(operation, axes: front.sorted()), [self])[0]
        guard keepingAxes else { return result }
        return try result.reshaped(
            to: Shape(shape.dimensions.enumerated().map { front.contains($0.offset) ? 1 : $0.element }))
    }

    public func sum(_ axes: [Int]? = nil, keepingAxes: Bool = false) throws -> SymbolicTensor {
        try reduced(.sum, axes, keepingAxes: keepingAxes)
    }

    /// The arithmetic mean along `axes`; the mean of nothing is an error.
    public func mean(_ axes: [Int]? = nil, keepingAxes: Bool = false) throws -> SymbolicTensor {
        let total = try sum(axes, keepingAxes: keepingAxes)
        guard shape.elementCount > 0 else {
            throw GraphError(.shapeMismatch, "mean: a tensor of shape \(shape) has no elements")
        }
        return try total * (Float(total.shape.elementCount) / Float(shape.elementCount))
    }

    public func maximum(over axes: [Int]? = nil, keepingAxes: Bool = false) throws -> SymbolicTensor {
        try reduced(.maximum, axes, keepingAxes: keepingAxes)
    }

    /// The index of the largest element along the last axis, as int32.
    public func argMax() throws -> SymbolicTensor { try builder.emit(.argMax, [self])[0] }

    /// For scores [n, classes]: 1 where fewer than `k` classes score above the class in `labels` [n], else 0.
    public func inTopK(_ k: Int, labels: SymbolicTensor) throws -> SymbolicTensor {
        try builder.emit(.inTopK(k), [self, labels])[0]
    }

    /// int32 labels as rows of zeros with a single 1, in a new last axis of extent `depth`.
    public func oneHot(depth: Int) throws -> SymbolicTensor { try builder.emit(.oneHot(depth: depth), [self])[0] }

    /// The rows of this table at int32 `indices`: shape of the indices, then that of a row.
    public func gather(_ indices: SymbolicTensor) throws -> SymbolicTensor {
        try builder.emit(.gather, [self, indices])[0]
    }
}
