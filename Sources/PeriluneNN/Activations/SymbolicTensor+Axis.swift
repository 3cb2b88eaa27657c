import PeriluneGraph

extension SymbolicTensor {
    /// `body` of this tensor with `axis` moved last and, afterwards, back.
    func alongLastAxis(
        _ axis: Int, _ name: String, _ body: (SymbolicTensor) throws -> SymbolicTensor
    ) throws -> SymbolicTensor {
        guard let axis = shape.normalized(axis: axis) else {
            throw ModelError(.invalidArgument, "\(name): shape \(shape) has no axis \(axis)")
        }
        // Swapping two axes is its own inverse.
        var permutation = Array(0..<rank)
        permutation.swapAt(axis, rank - 1)
        return try body(transposed(permutation)).transposed(permutation)
    }
}
