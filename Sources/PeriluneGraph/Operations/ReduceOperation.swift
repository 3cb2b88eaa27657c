/// Ways to combine the elements along an axis: of float32 or, exactly, of int32, whose sum wraps around. The largest
/// and the smallest of elements with a NaN among them are NaN.
public enum ReduceOperation: String, Hashable, Sendable, CaseIterable {
    case sum, maximum, minimum
}

extension ReduceOperation {
    /// The gradient of x, given that of y, which has `axes` of x combined.
    func gradient(
        along axes: [Int], _ x: SymbolicTensor, _ y: SymbolicTensor, _ d: SymbolicTensor
    ) throws -> SymbolicTensor {
        let kept = Shape(x.shape.dimensions.enumerated().map { axes.contains($0.offset) ? 1 : $0.element })
        let spread = try d.reshaped(to: kept).broadcast(to: x.shape)
        switch self {
        case .sum:
            return spread
        case .maximum, .minimum:
            // Equal elements share the gradient, as in PyTorch's amax.
            let mask = try x.combined(.equal, y.reshaped(to: kept))
            return try spread * (mask / mask.sum(axes, keepingAxes: true))
        }
    }
}
