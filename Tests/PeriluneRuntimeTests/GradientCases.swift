import PeriluneGraph
import PeriluneTestSupport

/// One case for each operation, and for the ways in which operations combine in loops.
enum GradientCases {
    static let all: [GradientCase] = unary + binary + shapes + reductions + products + windows + loops

    private static let unary: [GradientCase] = UnaryOperation.allCases.map { operation in
        let isPositive =
            switch operation {
            case .squareRoot, .reciprocalSquareRoot, .log, .logOnePlus, .reciprocal: true
            default: false
            }
        // Away from kinks, and wider than one vector of the kernel.
        let numbers = testTensor([3, 7], seed: 1, in: 0.2...1.8).floats.enumerated().map {
            isPositive || $0.offset % 2 == 0 ? $0.element : -$0.element + 0.13
        }
        let shifted = numbers.map { abs($0) < 0.05 || abs($0 - 1) < 0.03 ? $0 + 0.1 : $0 }
        return GradientCase("\(operation)", [Tensor(shifted, shape: [3, 7])]) { try $0[0].applying(operation) }
    }

    private static let binary: [GradientCase] = BinaryOperation.allCases.filter { !$0.isComparison }.flatMap {
        operation in
        let a = testTensor([4, 6], seed: 2, in: 0.3...1.7)
        return [
            GradientCase("\(operation)", [a, testTensor([4, 6], seed: 3, in: 0.4...1.9)]) {
                try $0[0].combined(operation, $0[1])
            },
            GradientCase("\(operation) with a row", [a, testTensor([6], seed: 4, in: 0.4...1.9)]) {
                try $0[0].combined(operation, $0[1])
            },
            GradientCase("\(operation) with a column", [testTensor([4, 1], seed: 5, in: 0.4...1.9), a]) {
                try $0[0].combined(operation, $0[1])
            },
            GradientCase("\(operation) with a scalar", [a, testTensor([], seed: 6, in: 0.4...1.9)]) {
                try $0[0].combined(operation, $0[1])
            },
        ]
    }

    private static let shapes: [GradientCase] = [
        GradientCase("select", [testTensor([5, 3], seed: 1), testTensor([5, 3], seed: 2)]) {
            try $0[0].combined(.greater, 0.1).stoppingGradient().select($0[0] * 2, $0[1])
        },
        GradientCase("broadcast in the middle", [testTensor([2, 1, 3]), testTensor([2, 4, 3], seed: 1)]) {
            try $0[0] * $0[1]
        },
        GradientCase("rows of two lengths", [testTensor([5, 6]), testTensor([4, 1, 1], seed: 1)]) {
            try ($0[0] * $0[1]).exp()
        },
        GradientCase("reshape", [testTensor([4, 6])]) { try $0[0].reshaped(to: [3, 8]).squared() },
        GradientCase("transpose", [testTensor([2, 3, 4])]) { try $0[0].transposed([2, 0, 1]).squared() },
        GradientCase("slice", [testTensor([4, 5])]) { try $0[0].sliced(starts: [1, 2], extents: [2, 3]).squared() },
        GradientCase("pad", [testTensor([2, 3])]) { try $0[0].padded(before: [1, 0], after: [0, 2]).squared() },
        GradientCase("concatenate", [testTensor([2, 3]), testTensor([2, 4], seed: 1)]) {
            try SymbolicTensor.concatenated([$0[0].squared(), $0[1], $0[0]], axis: -1)
        },
        GradientCase("gather", [testTensor([5, 3]), testLabels([4], classes: 5)]) { try $0[0].gather($0[1]).squared() },
        GradientCase("scatterAdd", [testTensor([4, 3]), testLabels([4], classes: 5)]) {
            try $0[0].builder.emit(.scatterAdd(rows: 5), [$0[1], $0[0]])[0].squared()
        },
    ]

    private static let reductions: [GradientCase] = [[0], [1], [2], [0, 1], [1, 2], [0, 2], [0, 1, 2]].flatMap {
        (axes: [Int]) in
        [
            GradientCase("sum \(axes)", [testTensor([3, 4, 5])]) { try ($0[0] * $0[0]).sum(axes).tanh() },
            GradientCase("maximum \(axes)", [testTensor([3, 4, 5])]) { try $0[0].maximum(over: axes) * 2 },
            GradientCase("minimum \(axes)", [testTensor([3, 4, 5])]) { try $0[0].reduced(.minimum, axes) },
            GradientCase("centred \(axes)", [testTensor([3, 4, 5])]) {
                try ($0[0] - $0[0].mean(axes, keepingAxes: true)).squared().mean(axes)
            },
        ]
    }

    private static let products: [GradientCase] =
        [false, true].flatMap { a in
            [false, true].flatMap { b in
                [[], [2]].map { (batch: [Int]) in
                    GradientCase(
                        "matmul \(a) \(b) \(batch)",
                        [
                            testTensor(Shape(batch + (a ? [4, 3] : [3, 4]))),
                            testTensor(Shape(batch + (b ? [5, 4] : [4, 5])), seed: 1),
                        ]
                    ) { try $0[0].matmul($0[1], transposeA: a, transposeB: b) }
                }
            }
        } + [
            GradientCase(
                "dense with relu", [testTensor([6, 4]), testTensor([4, 5], seed: 1), testTensor([5], seed: 2)]
            ) {
                try ($0[0].matmul($0[1]) + $0[2]).relu()
            },
            GradientCase(
                "dense with tanh", [testTensor([6, 4]), testTensor([4, 5], seed: 1), testTensor([5], seed: 2)]
            ) {
                try ($0[0].matmul($0[1]) + $0[2]).tanh()
            },
            GradientCase("dense with sigmoid", [testTensor([6, 4]), testTensor([4, 5], seed: 1)]) {
                try $0[0].matmul($0[1]).sigmoid()
            },
            GradientCase("softmax", [testTensor([4, 7])]) { try $0[0].softmax() },
            GradientCase("logSoftmax", [testTensor([4, 7])]) { try $0[0].logSoftmax() },
            GradientCase("cross-entropy", [testTensor([4, 7]), testLabels([4], classes: 7)]) {
                try -($0[0].logSoftmax() * $0[1].oneHot(depth: 7)).sum([-1])
            },
        ]

    private static func convolution(
        _ name: String, _ x: Shape, _ kernel: Shape, _ attributes: ConvolutionAttributes
    ) -> [GradientCase] {
        [
            GradientCase("convolution \(name)", [testTensor(x), testTensor(kernel, seed: 1)]) {
                try $0[0].convolution($0[1], attributes)
            },
            GradientCase(
                "convolution with bias and relu \(name)",
                [testTensor(x), testTensor(kernel, seed: 1), testTensor([kernel[-1]], seed: 2)]
            ) { try ($0[0].convolution($0[1], attributes) + $0[2]).relu() },
        ]
    }

    private static let windows: [GradientCase] =
        convolution(
            "2d", [2, 4, 4, 2], [3, 2, 2, 3],
            ConvolutionAttributes(strides: [1, 1], dilations: [1, 1], padding: [.none, .none]))
        + convolution(
            "2d strided, padded", [1, 5, 5, 2], [3, 3, 2, 3],
            ConvolutionAttributes(
                strides: [2, 2], dilations: [1, 1],
                padding: [Padding(before: 0, after: 1), Padding(before: 1, after: 1)]))
        + convolution(
            "2d dilated, grouped", [1, 4, 5, 4], [2, 2, 2, 4],
            ConvolutionAttributes(strides: [1, 1], dilations: [2, 2], padding: [.none, .none], groups: 2))
        + convolution(
            "1d", [2, 7, 3], [3, 3, 4], ConvolutionAttributes(strides: [1], dilations: [1], padding: [.none]))
        + convolution(
            "3d", [1, 3, 4, 3, 2], [2, 2, 2, 2, 3],
            ConvolutionAttributes(strides: [1, 1, 1], dilations: [1, 1, 1], padding: [.none, .none, .none]))
        + [PoolingAttributes.Kind.maximum, .average].flatMap { kind in
            [
                GradientCase("\(kind) pooling", [testTensor([2, 4, 6, 3])]) {
                    try $0[0].pooled(
                        PoolingAttributes(kind, window: [2, 2], strides: [2, 2], padding: [.none, .none]))
                },
                GradientCase("\(kind) pooling, overlapping, padded", [testTensor([1, 5, 5, 2])]) {
                    try $0[0].pooled(
                        PoolingAttributes(
                            kind, window: [3, 3], strides: [2, 2],
                            padding: [Padding(before: 1, after: 1), Padding(before: 1, after: 1)]))
                },
                GradientCase("\(kind) pooling 1d", [testTensor([2, 6, 3])]) {
                    try $0[0].pooled(PoolingAttributes(kind, window: [2], strides: [2], padding: [.none]))
                },
                GradientCase("relu and \(kind) pooling", [testTensor([2, 4, 4, 3]), testTensor([3], seed: 1)]) {
                    try ($0[0] + $0[1]).relu().pooled(
                        PoolingAttributes(kind, window: [2, 2], strides: [2, 2], padding: [.none, .none]))
                },
            ]
        }
        + [Shape([4, 3, 2, 5]), [8, 5], [3, 4, 5]].map { shape in
            GradientCase(
                "batchNormalization \(shape)",
                [testTensor(shape), testTensor([5], seed: 1, in: 0.5...1.5), testTensor([5], seed: 2)]
            ) { try $0[0].batchNormalized(gamma: $0[1], beta: $0[2], epsilon: 1e-2).y }
        }
}
