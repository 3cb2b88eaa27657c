public import PeriluneGraph

extension SymbolicTensor {
    /// This tensor less its mean along `axes`, counted from 0.
    ///
    /// Means and differences are of what lies beyond the first element: where all elements are large and alike, a mean
    /// of the elements themselves would be rounded to more than they differ by.
    public func centered(_ axes: [Int]) throws -> SymbolicTensor {
        let extents = shape.dimensions.enumerated().map { axes.contains($0.offset) ? 1 : $0.element }
        // What is taken off does not matter, so that no gradient flows into it.
        let origin = try sliced(starts: [Int](repeating: 0, count: rank), extents: extents).stoppingGradient()
        let offsets = try self - origin
        return try offsets - offsets.mean(axes, keepingAxes: true)
    }
}
