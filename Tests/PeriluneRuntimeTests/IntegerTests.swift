import PeriluneGraph
import PeriluneRuntime
import PeriluneTestSupport
import Testing

/// What is computed of int32 is exact: nothing goes by way of float32, which knows no 16777217.
@Suite struct IntegerTests {
    private static let numbers: [Int32] = [
        16_777_217, 16_777_216, -16_777_217, 0, 1, -1, .max, .max - 1, .min, .min + 1, 7, 123_456_789,
    ]

    private func pairs() -> (a: Tensor, b: Tensor, count: Int) {
        let a = Self.numbers.flatMap { a in Self.numbers.map { _ in a } }
        let b = Self.numbers.flatMap { _ in Self.numbers }
        return (Tensor(a, shape: [a.count]), Tensor(b, shape: [a.count]), a.count)
    }

    @Test(arguments: BinaryOperation.allCases.filter(\.takesIntegers)) func binary(_ operation: BinaryOperation) throws
    {
        let (a, b, count) = pairs()
        func expected(_ a: Int32, _ b: Int32) -> Int32 {
            switch operation {
            case .add: a &+ b
            case .subtract: a &- b
            case .multiply: a &* b
            case .maximum: max(a, b)
            case .minimum: min(a, b)
            case .less: a < b ? 1 : 0
            case .lessOrEqual: a <= b ? 1 : 0
            case .greater: a > b ? 1 : 0
            case .greaterOrEqual: a >= b ? 1 : 0
            case .equal: a == b ? 1 : 0
            case .notEqual: a != b ? 1 : 0
            case .divide, .power: 0
            }
        }
        let results = try evaluate([a, b]) { builder, x in
            let one = builder.literal(Tensor([16_777_217] as [Int32], shape: [1]))
            return try [
                x[0].combined(operation, x[1]), x[0].combined(operation, one), one.combined(operation, x[1]),
            ]
        }
        for result in results { #expect(result.dtype == (operation.isComparison ? .float32 : .int32)) }
        #expect(results[0].integers == (0..<count).map { expected(a.integers[$0], b.integers[$0]) })
        #expect(results[1].integers == a.integers.map { expected($0, 16_777_217) })
        #expect(results[2].integers == b.integers.map { expected(16_777_217, $0) })
    }

    @Test func unary() throws {
        let x = Tensor(Self.numbers, shape: [Self.numbers.count])
        let y = try evaluate([x]) { _, x in
            try [x[0].applying(.negate), x[0].applying(.absolute), x[0].applying(.sign)]
        }
        #expect(y[0].integers == Self.numbers.map { 0 &- $0 })
        #expect(y[1].integers == Self.numbers.map { $0 < 0 ? 0 &- $0 : $0 })
        #expect(y[2].integers == Self.numbers.map { $0.signum() })
    }

    @Test func whatHasNoIntegersIsRefused() throws {
        let builder = GraphBuilder()
        let x = builder.input(0, TensorSpec([2], .int32))
        for operation in UnaryOperation.allCases where !operation.takesIntegers {
            #expect(throws: GraphError(.typeMismatch, "\(operation): takes float32, got int32[2]")) {
                try x.applying(operation)
            }
        }
        for operation in BinaryOperation.allCases where !operation.takesIntegers {
            #expect(throws: GraphError(.typeMismatch, "\(operation): takes float32, got int32[2]")) {
                try x.combined(operation, x)
            }
        }
    }

    @Test(arguments: ReduceOperation.allCases, [[0], [1], [2], [0, 1], [1, 2], [0, 2], [0, 1, 2]])
    func reductions(_ operation: ReduceOperation, axes: [Int]) throws {
        let shape: Shape = [3, 70, 4]
        let elements = (0..<shape.elementCount).map { Self.numbers[$0 * 7 % 12] &- Int32($0 % 3) }
        let y = try evaluate([Tensor(elements, shape: shape)]) { _, x in [try x[0].reduced(operation, axes)] }[0]
        #expect(y.dtype == .int32)
        var expected: [[Int]: Int32] = [:]
        for (position, element) in elements.enumerated() {
            let index = [position / 280, position / 4 % 70, position % 4]
            let kept = index.indices.filter { !axes.contains($0) }.map { index[$0] }
            expected[kept] =
                expected[kept].map { old in
                    switch operation {
                    case .sum: old &+ element
                    case .maximum: max(old, element)
                    case .minimum: min(old, element)
                    }
                } ?? element
        }
        #expect(y.integers == expected.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map(\.value))
    }

    @Test func rowsAndMoves() throws {
        let x = Tensor([16_777_216, 16_777_217, 5, .min, -1, .max, 3, 3] as [Int32], shape: [2, 4])
        let y = try evaluate([x]) { builder, x in
            let mask = try x[0].combined(.greater, builder.literal(Tensor([4] as [Int32], shape: [1])))
            let rows = builder.literal(Tensor([1, 0, 1] as [Int32], shape: [3]))
            return try [x[0].argMax(), x[0].transposed([1, 0]), mask.select(x[0], -x[0]), x[0].gather(rows)]
        }
        #expect(y[0].integers == [1, 1])
        #expect(y[1].integers == [16_777_216, -1, 16_777_217, .max, 5, 3, .min, 3])
        #expect(y[2].integers == [16_777_216, 16_777_217, 5, .min, 1, .max, -3, -3])
        #expect(y[3].integers == [-1, .max, 3, 3, 16_777_216, 16_777_217, 5, .min, -1, .max, 3, 3])
    }
}
