internal import PeriluneGraph
internal import PeriluneLuaRuntime

/// Operations on int32 tensors, exactly: the kernels calculate in float32, which has 24 bits for a whole number.
///
/// Sums, differences, products, the larger and the smaller of whole numbers are int32, and comparisons exact. What
/// gives fractions is float32, as between other tensors.
enum IntegerArithmetic {
    /// The result for two operands of which one is int32 at least; nil where the kernels do as well.
    /// - Throws: `TensorFault` where shapes do not fit, or int32 does not hold a result.
    static func combine(_ operation: BinaryOperation, _ left: Tensor, _ right: Tensor) throws -> Tensor? {
        guard left.dtype == .int32 || right.dtype == .int32 else { return nil }
        let areWhole = left.dtype == right.dtype
        // In double precision all of these are exact, but for products beyond what int32 holds.
        func whole(_ body: (Double, Double) -> Double) throws -> Tensor? {
            guard areWhole else { return nil }
            let (values, shape) = try elements(operation, left, right, body)
            return Tensor(try values.map { try int32($0, operation.rawValue) }, shape: shape)
        }
        func mask(_ body: (Double, Double) -> Bool) throws -> Tensor? {
            let (values, shape) = try elements(operation, left, right) { body($0, $1) ? 1 : 0 }
            return Tensor(values.map { Float($0) }, shape: shape)
        }
        return switch operation {
        case .add: try whole(+)
        case .subtract: try whole(-)
        case .multiply: try whole(*)
        case .maximum: try whole { max($0, $1) }
        case .minimum: try whole { min($0, $1) }
        case .divide, .power: nil
        case .less: try mask(<)
        case .lessOrEqual: try mask(<=)
        case .greater: try mask(>)
        case .greaterOrEqual: try mask(>=)
        case .equal: try mask(==)
        case .notEqual: try mask(!=)
        }
    }

    private static func elements(
        _ operation: BinaryOperation, _ left: Tensor, _ right: Tensor, _ body: (Double, Double) -> Double
    ) throws -> ([Double], Shape) {
        guard let shape = left.shape.broadcast(with: right.shape) else {
            throw TensorFault("\(operation.rawValue): shapes \(left.shape) and \(right.shape) do not broadcast")
        }
        try TensorLimits.check(shape)
        let strides = zip(broadcastStrides(left.shape, shape), broadcastStrides(right.shape, shape)).map {
            SIMD2($0, $1)
        }
        var values: [Double] = []
        values.reserveCapacity(shape.elementCount)
        shape.visit(strides) { values.append(body(left.number(at: $0.x), right.number(at: $0.y))) }
        return (values, shape)
    }

    private static func int32(_ number: Double, _ operation: String) throws -> Int32 {
        guard let whole = Int32(exactly: number) else {
            throw TensorFault(
                "\(operation): int32 holds \(Int32.min) to \(Int32.max), the result is \(LuaValue.text(of: number)); "
                    + "t:to(\"float32\") has room for it")
        }
        return whole
    }

    /// The strides by which the elements of `part` broadcast to `shape`.
    private static func broadcastStrides(_ part: Shape, _ shape: Shape) -> [Int] {
        let own = zip(part.dimensions, part.rowMajorStrides).map { $0 == 1 ? 0 : $1 }
        return [Int](repeating: 0, count: shape.rank - part.rank) + own
    }

    /// The axes in another order; nil for what is not int32.
    static func transpose(_ tensor: Tensor, _ order: [Int]) -> Tensor? {
        guard case .int32(let values) = tensor.elements else { return nil }
        let shape = Shape(order.map { tensor.shape[$0] })
        let strides = tensor.shape.rowMajorStrides
        var moved: [Int32] = []
        moved.reserveCapacity(values.count)
        shape.visit(order.map { SIMD2(strides[$0], 0) }) { moved.append(values[$0.x]) }
        return Tensor(moved, shape: shape)
    }
}

extension Shape {
    /// Visits all indices in row-major order, with the two flat positions that these strides give each.
    fileprivate func visit(
        _ strides: [SIMD2<Int>], axis: Int = 0, from start: SIMD2<Int> = .zero, _ body: (SIMD2<Int>) -> Void
    ) {
        guard axis < rank else { return body(start) }
        for index in 0..<self[axis] { visit(strides, axis: axis + 1, from: start &+ strides[axis] &* index, body) }
    }
}

/// Ways to combine the elements of an int32 tensor along axes.
enum IntegerReduction {
    case sum, mean, max, min, norm, std

    /// The result; nil for what is not int32. Sums and extremes are int32, the others float32.
    /// - Throws: `TensorFault` where int32 does not hold a sum.
    func callAsFunction(_ tensor: Tensor, _ axes: [Int]?, keepingAxes: Bool) throws -> Tensor? {
        guard case .int32(let values) = tensor.elements else { return nil }
        let reduced = Set(axes ?? Array(0..<tensor.shape.rank))
        let kept = Shape(tensor.shape.dimensions.enumerated().map { reduced.contains($0.offset) ? 1 : $0.element })
        let shape =
            keepingAxes
            ? kept : Shape(tensor.shape.dimensions.enumerated().filter { !reduced.contains($0.offset) }.map(\.element))
        let strides = kept.rowMajorStrides.enumerated().map { reduced.contains($0.offset) ? 0 : $0.element }
        var totals = [Totals](repeating: Totals(), count: shape.elementCount)
        tensor.shape.visit(zip(strides, tensor.shape.rowMajorStrides).map { SIMD2($0, $1) }) {
            totals[$0.x].add(values[$0.y])
        }
        return switch self {
        case .sum: Tensor(try totals.map { try $0.sum32 }, shape: shape)
        case .max: Tensor(totals.map(\.highest), shape: shape)
        case .min: Tensor(totals.map(\.lowest), shape: shape)
        case .mean: Tensor(totals.map { Float($0.mean) }, shape: shape)
        case .norm: Tensor(totals.map { Float($0.squares.squareRoot()) }, shape: shape)
        case .std: Tensor(totals.map { Float($0.deviation) }, shape: shape)
        }
    }

    private struct Totals {
        var count = 0
        var sum = 0
        var squares = 0.0
        var lowest = Int32.max
        var highest = Int32.min
        /// Of the first element: squares about it keep the deviation exact where the mean is large.
        var origin = 0.0
        var offsets = 0.0
        var squaresAboutOrigin = 0.0

        mutating func add(_ value: Int32) {
            let number = Double(value)
            if count == 0 { origin = number }
            count += 1
            // At most 2^28 numbers of 31 bits.
            sum += Int(value)
            squares += number * number
            offsets += number - origin
            squaresAboutOrigin += (number - origin) * (number - origin)
            lowest = Swift.min(lowest, value)
            highest = Swift.max(highest, value)
        }

        var mean: Double { Double(sum) / Double(count) }

        var deviation: Double {
            let mean = offsets / Double(count)
            return Swift.max(0, squaresAboutOrigin / Double(count) - mean * mean).squareRoot()
        }

        var sum32: Int32 {
            get throws {
                guard let whole = Int32(exactly: sum) else {
                    throw TensorFault(
                        "sum: int32 holds \(Int32.min) to \(Int32.max), the sum is \(sum); "
                            + "t:to(\"float32\") has room for it")
                }
                return whole
            }
        }
    }
}
