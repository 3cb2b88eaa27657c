import CKernels
import Foundation
import Testing

@Suite("Vector mathematics")
struct VectorMathTests {
    struct Claim: CustomTestStringConvertible {
        var name: String
        var opcode: pk_opcode
        var range: ClosedRange<Float>
        /// The largest relative error; 2^-24, half a unit in the last place of 1, is 6e-8.
        var error: Double

        var testDescription: String { name }
    }

    static let claims = [
        Claim(name: "exp", opcode: PK_EXP, range: -87...88.7, error: 1.5e-7),
        Claim(name: "expm1", opcode: PK_EXP_MINUS_ONE, range: -30...88.7, error: 2.5e-7),
        Claim(name: "expm1 near 0", opcode: PK_EXP_MINUS_ONE, range: -1...1, error: 2.5e-7),
        Claim(name: "log", opcode: PK_LOG, range: 1e-30...10, error: 2e-7),
        Claim(name: "log of large", opcode: PK_LOG, range: 10...3e38, error: 1.5e-7),
        Claim(name: "log1p", opcode: PK_LOG_ONE_PLUS, range: -0.99...2, error: 2.5e-7),
        Claim(name: "log1p of large", opcode: PK_LOG_ONE_PLUS, range: 2...3e38, error: 1.5e-7),
        Claim(name: "tanh", opcode: PK_TANH, range: -12...12, error: 4e-7),
        Claim(name: "sigmoid", opcode: PK_SIGMOID, range: -80...80, error: 3e-7),
        Claim(name: "erf", opcode: PK_ERF, range: -5...5, error: 2.5e-7),
        Claim(name: "softplus", opcode: PK_SOFTPLUS, range: -80...80, error: 3e-7),
        Claim(name: "sin", opcode: PK_SINE, range: -3...3, error: 2.5e-7),
        Claim(name: "cos", opcode: PK_COSINE, range: -1.5...1.5, error: 2.5e-7),
        Claim(name: "sqrt", opcode: PK_SQUARE_ROOT, range: 0...1e30, error: 6e-8),
        Claim(name: "rsqrt", opcode: PK_RECIPROCAL_SQUARE_ROOT, range: 1e-30...1e30, error: 1.3e-7),
        Claim(name: "reciprocal", opcode: PK_RECIPROCAL, range: -1e30...1e30, error: 6e-8),
    ]

    /// The range in even steps, and in steps of even ratio toward zero on both sides.
    static func points(_ range: ClosedRange<Float>) -> [Float] {
        let even = (0..<3000).map { range.lowerBound + (range.upperBound - range.lowerBound) * Float($0) / 2999 }
        let small = (0..<3000).flatMap { step -> [Float] in
            let ratio = Float(pow(10, -25 * Double(step) / 2999))
            return [range.lowerBound * ratio, range.upperBound * ratio]
        }
        return (even + small).filter { range.contains($0) && $0 != 0 }
    }

    static func kernel(_ opcode: pk_opcode, _ a: [Float], _ b: [Float] = []) -> [Float] {
        var program = FusedProgram(rows: 1, columns: a.count)
        let first = program.input(PK_FULL, a)
        let second = b.isEmpty ? first : program.input(PK_FULL, b)
        let result = program.compute(opcode, first, second)
        program.store(result)
        return program.run(threads: 1).outputs[0]
    }

    static func relativeError(_ actual: Float, _ expected: Double) -> Double {
        if Float(expected) == actual || (expected.isNaN && actual.isNaN) { return 0 }
        // Among numbers below the smallest normal one, errors are those of the last place.
        return abs(Double(actual) - expected) / Swift.max(abs(expected), Double(Float.leastNormalMagnitude))
    }

    @Test("Errors stay below what is claimed", arguments: claims)
    func errors(claim: Claim) {
        let points = Self.points(claim.range)
        let actual = Self.kernel(claim.opcode, points)
        let worst = zip(points, actual).map { point, actual in
            (Self.relativeError(actual, FusedProgram.apply(claim.opcode, Double(point), 0, 0)), point)
        }.max { $0.0 < $1.0 }
        #expect((worst?.0 ?? 0) <= claim.error, "at \(worst?.1 ?? 0)")
    }

    @Test("Sine and cosine have small absolute errors for large angles")
    func largeAngles() {
        let points = Self.points(-1e6...1e6)
        for opcode in [PK_SINE, PK_COSINE] {
            let expected = points.map { FusedProgram.apply(opcode, Double($0), 0, 0) }
            #expect(largestError(Self.kernel(opcode, points), expected) < 1.2e-7)
        }
    }

    @Test("Powers")
    func powers() {
        var random = Generator(seed: 3)
        let bases = random.numbers(4000, from: 0, to: 20) + random.numbers(1000, from: 0.99, to: 1.01)
        let exponents = random.numbers(4000, from: -25, to: 25) + random.numbers(1000, from: -3000, to: 3000)
        let actual = Self.kernel(PK_POWER, bases, exponents)
        let worst = actual.indices.map { Self.relativeError(actual[$0], pow(Double(bases[$0]), Double(exponents[$0]))) }
        #expect(worst.max() ?? 0 < 1e-7)
    }

    @Test("Powers at the edges")
    func powerEdges() {
        let numbers: [Float] = [
            0, -0.0, 1, -1, 2, -2, 0.5, -0.5, 3, -3, 1e30, -1e30, Float(1e-30) * 1e-10, 16_777_218, 8_388_609,
            .infinity, -.infinity,
            .nan,
        ]
        let bases = numbers.flatMap { base in numbers.map { _ in base } }
        let exponents = numbers.flatMap { _ in numbers }
        let actual = Self.kernel(PK_POWER, bases, exponents)
        for index in actual.indices {
            let expected = pow(Double(bases[index]), Double(exponents[index]))
            #expect(
                Self.relativeError(actual[index], expected) < 1e-6,
                "pow(\(bases[index]), \(exponents[index])) = \(actual[index]), not \(expected)")
        }
    }

    static let edges: [Float] = [
        0, -0.0, .infinity, -.infinity, .nan, 1, -1, 100, -100, 1000, -1000, 3e38, -3e38, Float(1e-30) * 1e-10,
        -Float(1e-30) * 1e-10, 1e-20, -1e-20,
        88.8,
        -103.9, -104.5, 0.5, -0.5, 1.5, -1.5, 8_388_607.5, -8_388_607.5, 2_147_483_648, -2_147_483_648,
    ]

    @Test(
        "Infinities, NaN, zeros and the ends of the range",
        arguments: PK_COPY.rawValue...PK_SOFTPLUS.rawValue + 1)
    func edges(opcode: UInt32) {
        let actual = Self.kernel(pk_opcode(opcode), Self.edges)
        for (edge, actual) in zip(Self.edges, actual) {
            let expected = FusedProgram.apply(pk_opcode(opcode), Double(edge), 0, 0)
            #expect(
                Self.relativeError(actual, expected) < 5e-6, "opcode \(opcode) of \(edge) is \(actual), not \(expected)"
            )
        }
    }

    @Test("Sine and cosine are NaN at infinity and bounded elsewhere")
    func angles() {
        for opcode in [PK_SINE, PK_COSINE] {
            #expect(Self.kernel(opcode, [.infinity, -.infinity, .nan]).allSatisfy { $0.isNaN })
            #expect(Self.kernel(opcode, [3e38, -1e20, 1e12]).allSatisfy { abs($0) <= 1.0001 })
        }
    }

    @Test("Operations of two elements, with numbers on either side", arguments: PK_ADD.rawValue...PK_NOT_EQUAL.rawValue)
    func operands(opcode: UInt32) {
        var random = Generator(seed: UInt64(opcode))
        let count = 150
        var program = FusedProgram(rows: 1, columns: count)
        let a = program.input(PK_FULL, random.pick([random.wholeNumbers(count)]).map(abs))
        let b = program.input(PK_FULL, random.wholeNumbers(count))
        let two = program.constant(2)
        for (x, y) in [(a, b), (a, two), (two, b), (two, two)] {
            let result = program.compute(pk_opcode(opcode), x, y)
            program.store(result)
        }
        for (actual, expected) in zip(program.run(threads: 1).outputs, program.expected()) {
            #expect(largestError(actual, expected) < 2e-7)
        }
    }

    @Test("Selections, with numbers in every place", arguments: 0..<8)
    func selections(places: Int) {
        var random = Generator(seed: 9)
        var program = FusedProgram(rows: 3, columns: 50)
        let operands = (0..<3).map { place in
            places >> place & 1 == 1
                ? program.constant(Float(place)) : program.input(PK_FULL, random.wholeNumbers(150))
        }
        let result = program.compute(PK_SELECT, operands[0], operands[1], operands[2])
        program.store(result)
        FusedKernelTests.check(program, "places \(places)")
    }
}
