package import PeriluneGraph

/// Tensors as text that never floods: at most a few rows and columns of each axis.
package enum TensorText {
    /// How much is shown.
    package struct Limits {
        /// Elements of an axis that are shown at each end where not all are.
        var edge = 3
        /// Tensors of at most so many elements are shown whole.
        var whole = 128
        /// Numbers in one row, also of a tensor that is shown whole.
        var row = Int.max

        package init(row: Int = .max) { self.row = row }
    }

    /// `tensor float32[2, 2]` and, below it, the numbers.
    package static func description(_ tensor: Tensor, _ limits: Limits = Limits()) -> String {
        let head = "tensor \(tensor.spec)"
        guard tensor.shape.rank > 0 else { return "\(head) \(column([0], of: tensor).first ?? "")" }
        let indices = indices(tensor.shape, limits)
        var rest = column(positions(tensor.shape, indices), of: tensor)[...]
        return head + "\n" + block(indices[...], 0) { rest.popFirst() ?? "" }
    }

    /// The indices that are shown of each axis; nil stands for those left out.
    private static func indices(_ shape: Shape, _ limits: Limits) -> [[Int?]] {
        let isWhole = shape.elementCount <= limits.whole
        return shape.dimensions.enumerated().map { axis, extent in
            let isRow = axis == shape.rank - 1
            let rowEdge = max(1, limits.row / 2)
            let edge = isRow ? (isWhole ? rowEdge : min(limits.edge, rowEdge)) : limits.edge
            let mayStay = isWhole ? !isRow || extent <= limits.row : extent <= 2 * edge
            if mayStay { return (0..<extent).map { $0 } }
            return (0..<edge).map { $0 } + [nil] + (extent - edge..<extent).map { $0 }
        }
    }

    /// The flat positions of the shown elements, in order.
    private static func positions(_ shape: Shape, _ indices: [[Int?]]) -> [Int] {
        zip(indices, shape.rowMajorStrides).reduce([0]) { starts, axis in
            starts.flatMap { start in axis.0.compactMap { $0 }.map { start + $0 * axis.1 } }
        }
    }

    private static func block(_ indices: ArraySlice<[Int?]>, _ depth: Int, _ next: () -> String) -> String {
        guard let shown = indices.first else { return next() }
        let isRow = indices.count == 1
        let parts = shown.map { index in index == nil ? "…" : block(indices.dropFirst(), depth + 1, next) }
        let separator = isRow ? ", " : ",\n" + String(repeating: " ", count: depth + 1)
        return "[" + parts.joined(separator: separator) + "]"
    }

    /// The one number of a scalar, as short as it can be: `0.5`, `1.0`, `3`.
    static func number(_ scalar: Tensor) -> String {
        switch scalar.elements {
        case .float32(let values): values.first.map { $0.isNaN ? "nan" : "\($0)" } ?? ""
        case .int32(let values): values.first.map(String.init) ?? ""
        }
    }

    /// The elements at these positions, in equally wide columns.
    private static func column(_ positions: [Int], of tensor: Tensor) -> [String] {
        let texts =
            switch tensor.elements {
            case .float32(let values): floats(positions.map { values[$0] })
            case .int32(let values): positions.map { String(values[$0]) }
            }
        let width = texts.map(\.count).max() ?? 0
        return texts.map { String(repeating: " ", count: width - $0.count) + $0 }
    }

    private static func floats(_ values: [Float]) -> [String] {
        let magnitudes = values.filter { $0.isFinite && $0 != 0 }.map(\.magnitude)
        let isWide = (magnitudes.max() ?? 0) >= 1e5 || (magnitudes.min() ?? 1) < 1e-4 && (magnitudes.max() ?? 0) < 1e-2
        return values.map { number($0, isWide) }
    }

    /// A number with four decimals, or as short as it can be where it `isWide`.
    private static func number(_ value: Float, _ isWide: Bool) -> String {
        if value.isNaN { return "nan" }
        if value.isInfinite { return value < 0 ? "-inf" : "inf" }
        guard !isWide, value.magnitude < 1e9 else { return "\(value)" }
        let scaled = Int((Double(value.magnitude) * 10_000).rounded())
        let fraction = String(scaled % 10_000)
        let padded = String(repeating: "0", count: 4 - fraction.count) + fraction
        return (value < 0 && scaled > 0 ? "-" : "") + "\(scaled / 10_000).\(padded)"
    }
}
