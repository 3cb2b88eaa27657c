// Rearranging elements.
extension SymbolicTensor {
    /// NumPy's broadcasting to a larger shape.
    public func broadcast(to shape: Shape) throws -> SymbolicTensor {
        shape == self.shape ? self : try builder.emit(.broadcast(shape), [self])[0]
    }

    /// The same elements in row-major order under another shape of the same element count.
    public func reshaped(to shape: Shape) throws -> SymbolicTensor {
        shape == self.shape ? self : try builder.emit(.reshape(shape), [self])[0]
    }

    /// Axes in another order: axis `i` of the result is axis `permutation[i]` of this tensor.
    public func transposed(_ permutation: [Int]) throws -> SymbolicTensor {
        permutation == Array(0..<rank) ? self : try builder.emit(.transpose(permutation), [self])[0]
    }

    /// The box that starts at `starts` and has the given extents.
    public func sliced(starts: [Int], extents: [Int]) throws -> SymbolicTensor {
        extents == shape.dimensions ? self : try builder.emit(.slice(starts: starts, extents: extents), [self])[0]
    }

    /// Zeros around this tensor.
    public func padded(before: [Int], after: [Int]) throws -> SymbolicTensor {
        (before + after).allSatisfy { $0 == 0 }
            ? self : try builder.emit(.pad(before: before, after: after), [self])[0]
    }

    /// This tensor with a new axis of extent 1 at `axis`, counted in the result.
    public func expandingAxis(_ axis: Int) throws -> SymbolicTensor {
        var dimensions = shape.dimensions
        dimensions.insert(1, at: axis < 0 ? axis + rank + 1 : axis)
        return try reshaped(to: Shape(dimensions))
    }

    /// `tensors` one after another along `axis`, which may be negative; all other extents must be equal.
    public static func concatenated(_ tensors: [SymbolicTensor], axis: Int) throws -> SymbolicTensor {
        guard let first = tensors.first else {
            throw GraphError(.invalidAttribute, "concatenate: at least one tensor is needed")
        }
        guard let front = first.shape.normalized(axis: axis) else {
            throw GraphError(.invalidAttribute, "concatenate: shape \(first.shape) has no axis \(axis)")
        }
        return tensors.count == 1 ? first : try first.builder.emit(.concatenate(axis: front), tensors)[0]
    }
}
