import PeriluneGraph
import PeriluneTestSupport

extension GradientCases {
    /// Loops over time: recurrences of all kinds of carries, rows and constants.
    static let loops: [GradientCase] = Scan.Memory.allCases.flatMap { memory in
        [false, true].flatMap { isReversed in
            let name = "scan \(memory.rawValue)\(isReversed ? " reversed" : "")"
            return [
                GradientCase("\(name), a recurrent layer", recurrent) { x in
                    try layer(x, memory, isReversed).carries[0]
                },
                GradientCase("\(name), the rows of a recurrent layer", recurrent) { x in
                    try layer(x, memory, isReversed).outputs[0]
                },
                GradientCase("\(name), gates", gated) { x in try gates(x, memory, isReversed) },
                GradientCase("\(name), one step", [testTensor([1, 2, 3]), testTensor([2, 3], seed: 2)]) { x in
                    try x[0].builder.scan(
                        [x[1]], over: [x[0]], length: 1, reversed: isReversed, memory: memory
                    ) { _, carries, rows, _ in ([try carries[0] * rows[0]], []) }.carries[0]
                },
                GradientCase(
                    "\(name), carries that change places", [testTensor([2, 2]), testTensor([2, 2], seed: 2)]
                ) {
                    x in
                    let last = try x[0].builder.scan(
                        [x[0], x[1]], over: [], length: 3, reversed: isReversed, memory: memory
                    ) { _, carries, _, _ in ([carries[1], try carries[0] * carries[1]], []) }
                    return try last.carries[0] * 2 + last.carries[1]
                },
                GradientCase("\(name), a sum that grows", [testTensor([4, 3]), testTensor([3], seed: 2)]) { x in
                    let all = try x[0].builder.scan(
                        [x[1]], over: [x[0]], constants: [x[1]], length: 4, reversed: isReversed, memory: memory
                    ) { _, carries, rows, constants in
                        let next = try carries[0] + rows[0].exp() * constants[0]
                        return ([next], [carries[0], next])
                    }
                    return try all.outputs[0] * all.outputs[1]
                },
                GradientCase("\(name), a loop in a loop", [testTensor([3, 2]), testTensor([2], seed: 2)]) { x in
                    try x[0].builder.scan([x[1]], over: [x[0]], length: 3, reversed: isReversed, memory: memory) {
                        _, carries, rows, _ in
                        let inner = try rows[0].builder.scan(
                            [carries[0]], over: [], constants: [rows[0]], length: 2, memory: memory
                        ) { _, carries, _, constants in ([try (carries[0] * constants[0]).tanh()], []) }
                        return (inner.carries, [])
                    }.carries[0]
                },
                GradientCase("\(name), rows of a table", [testTensor([4, 3]), testLabels([5, 2], classes: 4)]) { x in
                    let start = try x[0].builder.fill(0.5).broadcast(to: [2, 3])
                    return try x[0].builder.scan(
                        [start], over: [x[1]], constants: [x[0]], length: 5, reversed: isReversed, memory: memory
                    ) { _, carries, rows, constants in
                        let next = try (carries[0] + constants[0].gather(rows[0])).tanh()
                        return ([next], [])
                    }.carries[0]
                },
            ]
        }
    }

    /// Rows [steps, n, in], kernel [in, units], recurrent kernel [units, units], bias [units], initial carry.
    private static let recurrent = [
        testTensor([4, 2, 3]), testTensor([3, 5], seed: 2), testTensor([5, 5], seed: 3), testTensor([5], seed: 4),
        testTensor([2, 5], seed: 5),
    ]

    private static func layer(
        _ x: [SymbolicTensor], _ memory: Scan.Memory, _ isReversed: Bool
    ) throws -> (carries: [SymbolicTensor], outputs: [SymbolicTensor]) {
        try x[0].builder.scan(
            [x[4]], over: [x[0]], constants: [x[1], x[2], x[3]], length: 4, reversed: isReversed, memory: memory
        ) { _, carries, rows, constants in
            let next = try (rows[0].matmul(constants[0]) + constants[2] + carries[0].matmul(constants[1])).tanh()
            return ([next], [next])
        }
    }

    /// Rows [steps, n, 2 units], recurrent kernel [units, 2 units].
    private static let gated = [testTensor([3, 2, 8]), testTensor([4, 8], seed: 2)]

    /// A gate that decides between the state and something new, with the state wanted after each step.
    private static func gates(
        _ x: [SymbolicTensor], _ memory: Scan.Memory, _ isReversed: Bool
    ) throws -> SymbolicTensor {
        let start = try x[0].builder.fill(0).broadcast(to: [2, 4])
        return try x[0].builder.scan(
            [start], over: [x[0]], constants: [x[1]], length: 3, reversed: isReversed, memory: memory
        ) { _, carries, rows, constants in
            let sums = try rows[0] + carries[0].matmul(constants[0])
            let gate = try sums.sliced(starts: [0, 0], extents: [2, 4]).sigmoid()
            let new = try sums.sliced(starts: [0, 4], extents: [2, 4]).tanh()
            let next = try gate * carries[0] + (1 - gate) * new
            return ([next], [next])
        }.outputs[0]
    }
}
