private import Glibc
import PeriluneGraph

func expOf(_ x: Double) -> Double { exp(x) }
func logOf(_ x: Double) -> Double { log(x) }

extension ReferenceEvaluator.Array {
    /// The element at an index of each axis.
    public subscript(index: [Int]) -> Double { elements[zip(index, shape.rowMajorStrides).map(*).reduce(0, +)] }
}

extension ReferenceEvaluator {
    /// A tensor made element by element.
    static func build(_ shape: Shape, _ element: ([Int]) -> Double) -> Array {
        var index = [Int](repeating: 0, count: shape.rank)
        return Array(
            shape,
            (0..<shape.elementCount).map { position in
                var rest = position
                for axis in stride(from: shape.rank - 1, through: 0, by: -1) {
                    index[axis] = rest % shape[axis]
                    rest /= shape[axis]
                }
                return element(index)
            })
    }

    /// The larger one, NaN where one is NaN.
    static func larger(_ a: Double, _ b: Double) -> Double { a.isNaN || b.isNaN ? .nan : max(a, b) }

    static func unary(_ operation: UnaryOperation, _ x: Double) -> Double {
        switch operation {
        case .negate: -x
        case .absolute: abs(x)
        case .sign: x > 0 ? 1 : x < 0 ? -1 : x
        case .floor: floor(x)
        case .reciprocal: 1 / x
        case .square: x * x
        case .squareRoot: x.squareRoot()
        case .reciprocalSquareRoot: 1 / x.squareRoot()
        case .exp: exp(x)
        case .expMinusOne: expm1(x)
        case .log: log(x)
        case .logOnePlus: log1p(x)
        case .tanh: tanh(x)
        case .sigmoid: 1 / (1 + exp(-x))
        case .erf: erf(x)
        case .softplus: x > 30 ? x : log1p(exp(x))
        case .relu: larger(x, 0)
        case .sine: sin(x)
        case .cosine: cos(x)
        }
    }

    static func binary(_ operation: BinaryOperation, _ a: Double, _ b: Double) -> Double {
        switch operation {
        case .add: a + b
        case .subtract: a - b
        case .multiply: a * b
        case .divide: a / b
        case .power: pow(a, b)
        case .maximum: larger(a, b)
        case .minimum: -larger(-a, -b)
        case .less: a < b ? 1 : 0
        case .lessOrEqual: a <= b ? 1 : 0
        case .greater: a > b ? 1 : 0
        case .greaterOrEqual: a >= b ? 1 : 0
        case .equal: a == b ? 1 : 0
        case .notEqual: a != b ? 1 : 0
        }
    }

    static func reduce(_ operation: ReduceOperation, _ axes: [Int], _ x: Array, _ shape: Shape) -> Array {
        let start: Double =
            switch operation {
            case .sum: 0
            case .maximum: -.infinity
            case .minimum: .infinity
            }
        var result = Array(shape, .init(repeating: start, count: shape.elementCount))
        let strides = shape.rowMajorStrides
        _ = build(x.shape) { index in
            let kept = index.enumerated().filter { !axes.contains($0.offset) }.map(\.element)
            let target = zip(kept, strides).map(*).reduce(0, +)
            let (old, new) = (result.elements[target], x[index])
            switch operation {
            case .sum: result.elements[target] = old + new
            case .maximum: result.elements[target] = larger(old, new)
            case .minimum: result.elements[target] = -larger(-old, -new)
            }
            return 0
        }
        return result
    }

    static func moments(_ x: Array) -> (mean: [Double], variance: [Double]) {
        let channels = x.shape[-1]
        let rows = Double(x.elements.count / channels)
        var mean = [Double](repeating: 0, count: channels)
        var variance = mean
        for (index, element) in x.elements.enumerated() { mean[index % channels] += element / rows }
        for (index, element) in x.elements.enumerated() {
            let distance = element - mean[index % channels]
            variance[index % channels] += distance * distance / rows
        }
        return (mean, variance)
    }
}
