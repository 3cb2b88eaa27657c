import CKernels
import Testing

@Suite("Fused loops")
struct FusedKernelTests {
    /// Empty, single, odd, of one row, of one column, narrow, wide, and larger than tiles and blocks of tiles.
    static let shapes = [
        (0, 5), (5, 0), (1, 1), (1, 37), (37, 1), (3, 7), (32, 10), (17, 31), (200, 3), (5, 511), (4, 512), (3, 513),
        (2, 1500), (1, 3000), (2500, 1), (300, 17),
    ]

    static func check(_ program: FusedProgram, _ what: Comment) {
        let expected = program.expected()
        for threads in 1...3 {
            let first = program.run(threads: threads), second = program.run(threads: threads)
            #expect(first.intact, what)
            #expect(first.outputs.map(bits) == second.outputs.map(bits), what)
            let matches = zip(first.outputs, expected).allSatisfy { largestError($0, $1) == 0 }
            #expect(matches, "\(what), threads \(threads)")
        }
    }

    @Test("A program of each kind of operand and sink is exact on whole numbers", arguments: shapes)
    func everyAccessAndSink(rows: Int, columns: Int) {
        var random = Generator(seed: UInt64(rows * 10_000 + columns))
        var program = FusedProgram(rows: rows, columns: columns)
        let full = program.input(PK_FULL, random.wholeNumbers(rows * columns))
        let byColumn = program.input(PK_PER_COLUMN, random.wholeNumbers(columns))
        let byRow = program.input(PK_PER_ROW, random.wholeNumbers(rows))
        let scalar = program.input(PK_SCALAR, [3])
        let two = program.constant(2)
        let once = program.compute(PK_MULTIPLY, scalar, two)
        let perRow = program.compute(PK_ADD, byRow, once)
        let product = program.compute(PK_MULTIPLY, full, byColumn)
        let sum = program.compute(PK_ADD, product, perRow)
        let mask = program.compute(PK_GREATER, two, sum)
        let chosen = program.compute(PK_SELECT, mask, sum, full)
        program.store(chosen)
        program.store(chosen)
        program.store(perRow)
        program.store(byColumn)
        for value in [full, chosen, perRow, once, byColumn] {
            program.sink(PK_REDUCE_ROWS, PK_SUM, value)
            program.sink(PK_REDUCE_COLUMNS, PK_MAX, value)
        }
        program.sink(PK_REDUCE_ALL, PK_SUM, chosen)
        program.sink(PK_REDUCE_ALL, PK_MIN, sum)
        Self.check(program, "\(rows) x \(columns)")
    }

    @Test("Random programs are exact on whole numbers", arguments: 0..<60)
    func randomPrograms(seed: Int) {
        var random = Generator(seed: UInt64(seed))
        let (rows, columns) = random.pick(Self.shapes)
        var program = FusedProgram(rows: rows, columns: columns)
        // Sums of up to 70,000 elements stay exact while elements are small.
        var bounds: [Int] = []
        for _ in 0...random.next(below: 5) {
            let access = random.pick([PK_FULL, PK_FULL, PK_PER_COLUMN, PK_PER_ROW, PK_SCALAR])
            _ = program.input(access, random.wholeNumbers(program.inputCount(access)))
            bounds.append(3)
        }
        _ = program.constant(Float(random.next(below: 5) - 2))
        bounds.append(3)
        for _ in 0..<random.next(below: 20) {
            let a = random.next(below: bounds.count), b = random.next(below: bounds.count)
            let c = random.next(below: bounds.count)
            var opcode = random.pick([
                PK_ADD, PK_ADD, PK_SUBTRACT, PK_SUBTRACT, PK_MULTIPLY, PK_MULTIPLY, PK_MULTIPLY, PK_SQUARE, PK_MAXIMUM,
                PK_MINIMUM, PK_SELECT, PK_LESS, PK_GREATER_OR_EQUAL, PK_NOT_EQUAL, PK_EQUAL, PK_NEGATE, PK_ABSOLUTE,
                PK_SIGN, PK_RELU, PK_FLOOR, PK_COPY,
            ])
            if opcode == PK_SQUARE && bounds[a] > 12 { opcode = PK_SIGN }
            if opcode == PK_MULTIPLY && bounds[a] * bounds[b] > 150 { opcode = PK_LESS }
            if [PK_ADD, PK_SUBTRACT].contains(opcode) && bounds[a] + bounds[b] > 150 { opcode = PK_MAXIMUM }
            _ = program.compute(opcode, a, b, c)
            let bound =
                switch opcode {
                case PK_MULTIPLY: bounds[a] * bounds[b]
                case PK_SQUARE: bounds[a] * bounds[a]
                case PK_ADD, PK_SUBTRACT: bounds[a] + bounds[b]
                default: max(bounds[a], bounds[b], bounds[c])
                }
            bounds.append(bound)
        }
        var fullInputs = program.values.filter { $0.access == PK_FULL.rawValue }.map { Int($0.input) }
        for _ in 0...random.next(below: 6) {
            let value = random.next(below: bounds.count)
            if random.next(below: 2) == 0 {
                program.store(value, over: random.next(below: 2) == 0 ? fullInputs.popLast() : nil)
            } else {
                let kind = random.pick([PK_REDUCE_ALL, PK_REDUCE_ROWS, PK_REDUCE_COLUMNS])
                program.sink(kind, random.pick([PK_SUM, PK_MAX, PK_MIN]), value)
            }
        }
        Self.check(program, "seed \(seed), \(rows) x \(columns)")
    }

    @Test("Outputs may be exchanged inputs")
    func exchange() {
        var program = FusedProgram(rows: 3, columns: 700)
        var random = Generator(seed: 1)
        let a = program.input(PK_FULL, random.wholeNumbers(2100))
        let b = program.input(PK_FULL, random.wholeNumbers(2100))
        let sum = program.compute(PK_ADD, a, b)
        program.store(b, over: 0)
        program.store(a, over: 1)
        program.sink(PK_REDUCE_COLUMNS, PK_SUM, a)
        program.store(sum)
        Self.check(program, "exchange")
    }

    @Test("Bits pass through copies and selections")
    func bitPatterns() {
        let patterns: [UInt32] = [0, 1, 0x7f80_0001, 0x7fc0_0000, 0xffff_ffff, 0x8000_0000, 0x1234_5678]
        let elements = (0..<100).map { Float(bitPattern: patterns[$0 % patterns.count]) }
        var program = FusedProgram(rows: 1, columns: elements.count)
        let a = program.input(PK_FULL, elements)
        let ones = program.input(PK_FULL, [Float](repeating: 1, count: elements.count))
        let copy = program.compute(PK_COPY, a)
        let chosen = program.compute(PK_SELECT, ones, copy, ones)
        program.store(a)
        program.store(chosen)
        for output in program.run(threads: 1).outputs { #expect(bits(output) == bits(elements)) }
    }

    @Test("Whole numbers convert both ways")
    func conversions() {
        let numbers: [Int32] = [0, 1, -1, 16_777_216, -16_777_216, .max, .min, 123_456]
        var program = FusedProgram(rows: 1, columns: numbers.count)
        let ints = program.input(PK_FULL, numbers.map { Float(bitPattern: UInt32(bitPattern: $0)) })
        let floats = program.input(PK_FULL, [1.9, -1.9, .nan, 1e20, -1e20, -0.5, 7, .infinity])
        let fromInt = program.compute(PK_FROM_INT, ints)
        let toInt = program.compute(PK_TO_INT, floats)
        program.store(fromInt)
        program.store(toInt)
        let outputs = program.run(threads: 1).outputs
        #expect(outputs[0] == numbers.map { Float($0) })
        let whole = outputs[1].map { Int32(bitPattern: $0.bitPattern) }
        #expect(whole == [1, -1, 0, 2_147_483_520, .min, 0, 7, 2_147_483_520])
    }

    @Test("NaN is the largest and the smallest", arguments: [(1, 40), (40, 1), (7, 6), (3, 600)])
    func notANumber(rows: Int, columns: Int) {
        var elements = [Float](repeating: 1, count: rows * columns)
        elements[rows * columns / 2] = .nan
        var program = FusedProgram(rows: rows, columns: columns)
        let full = program.input(PK_FULL, elements)
        let one = program.constant(1)
        let larger = program.compute(PK_MAXIMUM, full, one)
        for reduction in [PK_MAX, PK_MIN, PK_SUM] {
            for kind in [PK_REDUCE_ALL, PK_REDUCE_ROWS, PK_REDUCE_COLUMNS] { program.sink(kind, reduction, larger) }
        }
        Self.check(program, "\(rows) x \(columns)")
    }

    @Test("Sums of many elements lose almost nothing", arguments: [(1, 100_000), (20_000, 5), (150, 600)])
    func accuracy(rows: Int, columns: Int) {
        var random = Generator(seed: 5)
        let elements = random.numbers(rows * columns, from: 0, to: 1)
        var program = FusedProgram(rows: rows, columns: columns)
        let full = program.input(PK_FULL, elements)
        program.sink(PK_REDUCE_ROWS, PK_SUM, full)
        program.sink(PK_REDUCE_ALL, PK_SUM, full)
        var byColumn = [Double](repeating: 0, count: columns)
        for (place, element) in elements.enumerated() { byColumn[place % columns] += Double(element) }
        for threads in 1...3 {
            let outputs = program.run(threads: threads).outputs
            #expect(largestError(outputs[0], byColumn) < 1e-6)
            #expect(largestError(outputs[1], [byColumn.reduce(0, +)]) < 1e-6)
        }
    }
}
