internal import PeriluneGraph

/// Tensors as text that never floods: at most a few rows and columns of each axis.
enum TensorText {
    /// Elements of an axis that are shown at each end where not all are.
    private static let edge = 3
    /// Tensors of at most so many elements are shown whole.
    private static let wholeLimit = 128

    /// `tensor float32[2, 2]` and, below it, the numbers.
    static func description(_ tensor: Tensor) -> String {
        let head = "tensor \(tensor.spec)"
        let floats = tensor.floats
        guard tensor.shape.rank > 0 else { return "\(head) \(number(floats.first ?? 0, tensor.dtype, false))" }
        let shown = positions(tensor.shape)
        let texts = column(shown.compactMap { $0 }.map { floats[$0] }, tensor.dtype)
        var rest = texts[...]
        return head + "\n" + block(tensor.shape.dimensions[...], isWhole(tensor.shape), 0) { rest.popFirst() ?? "" }
    }

    private static func isWhole(_ shape: Shape) -> Bool { shape.elementCount <= wholeLimit }

    private static func indices(_ extent: Int, _ isWhole: Bool) -> [Int?] {
        guard !isWhole, extent > 2 * edge else { return (0..<extent).map { $0 } }
        return (0..<edge).map { $0 } + [nil] + (extent - edge..<extent).map { $0 }
    }

    /// The flat positions of the shown elements, in order.
    private static func positions(_ shape: Shape) -> [Int?] {
        let whole = isWhole(shape)
        return zip(shape.dimensions, shape.rowMajorStrides).reduce([0]) { starts, axis in
            starts.flatMap { start in
                indices(axis.0, whole).compactMap { $0 }.map { index in start.map { $0 + index * axis.1 } }
            }
        }
    }

    private static func block(
        _ extents: ArraySlice<Int>, _ isWhole: Bool, _ depth: Int, _ next: () -> String
    ) -> String {
        guard let extent = extents.first else { return next() }
        let isRow = extents.count == 1
        let parts = indices(extent, isWhole).map { index in
            index == nil ? "…" : block(extents.dropFirst(), isWhole, depth + 1, next)
        }
        let separator = isRow ? ", " : ",\n" + String(repeating: " ", count: depth + 1)
        return "[" + parts.joined(separator: separator) + "]"
    }

    /// The numbers in equally wide columns.
    private static func column(_ values: [Float], _ dtype: DType) -> [String] {
        let magnitudes = values.filter { $0.isFinite && $0 != 0 }.map(\.magnitude)
        let isWide = (magnitudes.max() ?? 0) >= 1e5 || (magnitudes.min() ?? 1) < 1e-4 && (magnitudes.max() ?? 0) < 1e-2
        let texts = values.map { number($0, dtype, isWide) }
        let width = texts.map(\.count).max() ?? 0
        return texts.map { String(repeating: " ", count: width - $0.count) + $0 }
    }

    /// A number with four decimals, or as short as it can be where it `isWide`.
    private static func number(_ value: Float, _ dtype: DType, _ isWide: Bool) -> String {
        if value.isNaN { return "nan" }
        if value.isInfinite { return value < 0 ? "-inf" : "inf" }
        if dtype == .int32, let whole = Int(exactly: value) { return String(whole) }
        guard !isWide, value.magnitude < 1e9 else { return "\(value)" }
        let scaled = Int((Double(value.magnitude) * 10_000).rounded())
        let fraction = String(scaled % 10_000)
        let padded = String(repeating: "0", count: 4 - fraction.count) + fraction
        return (value < 0 && scaled > 0 ? "-" : "") + "\(scaled / 10_000).\(padded)"
    }
}
