import CKernels
import Foundation
import Testing

@Suite("Rows and reductions")
struct RowKernelTests {
    static let shapes = [(0, 4), (1, 1), (3, 5), (32, 10), (7, 33), (4, 512), (3, 513), (2, 1300), (600, 2)]

    @Test("Softmax and its logarithm", arguments: shapes)
    func softmax(rows: Int, columns: Int) {
        var random = Generator(seed: 2)
        let scores = random.numbers(rows * columns, from: -30, to: 30)
        var plain: [Double] = [], logarithms: [Double] = []
        for row in 0..<rows {
            let row = scores[(row * columns)..<((row + 1) * columns)].map(Double.init)
            let peak = row.max() ?? 0
            let total = row.map { exp($0 - peak) }.reduce(0, +)
            plain += row.map { exp($0 - peak) / total }
            logarithms += row.map { $0 - peak - log(total) }
        }
        for threads in 1...3 {
            for (logarithm, expected) in [(false, plain), (true, logarithms)] {
                let run = {
                    withGuardedOutput(scores.count) {
                        pk_softmax(scores, $0, Int64(rows), Int64(columns), logarithm, Int32(threads))
                    }
                }
                let result = run()
                #expect(result.intact && bits(result.elements) == bits(run().elements))
                #expect(largestError(result.elements, expected) < 3e-7)
            }
        }
    }

    @Test("Softmax in place, of masked and of large scores")
    func softmaxEdges() {
        var scores: [Float] = [1e30, 1e30, -.infinity, 0, -.infinity, -.infinity, 5, .nan, 1]
        scores.withUnsafeMutableBufferPointer { pk_softmax($0.baseAddress, $0.baseAddress, 3, 3, false, 1) }
        #expect(Array(scores[..<6]) == [0.5, 0.5, 0, 1, 0, 0])
        #expect(scores[6...].allSatisfy { $0.isNaN })
    }

    @Test("The first of the largest", arguments: shapes)
    func argMax(rows: Int, columns: Int) {
        var random = Generator(seed: 3)
        var scores = random.wholeNumbers(rows * columns)
        if rows > 2 { scores[columns + columns / 2] = .nan }
        let expected = (0..<rows).map { row in
            let row = Array(scores[(row * columns)..<((row + 1) * columns)])
            return Int32(row.firstIndex(where: \.isNaN) ?? row.firstIndex(of: row.max() ?? 0) ?? 0)
        }
        for threads in 1...3 {
            var result = [Int32](repeating: -1, count: rows)
            pk_arg_max(scores, &result, Int64(rows), Int64(columns), Int32(threads))
            #expect(result == expected)
        }
    }

    @Test("Among the k largest")
    func inTopK() {
        let scores: [Float] = [1, 2, 3, 4, 4, 4, .nan, 2, 1, 5, .infinity, 0, 1, 2, 3]
        let labels: [Int32] = [0, 1, 1, 1, 3]
        let expected: [[Float]] = [[0, 1, 0, 0, 0], [0, 1, 1, 0, 0], [1, 1, 1, 0, 0]]
        for (k, expected) in zip(1..., expected) {
            var result = [Float](repeating: -1, count: 5)
            pk_in_top_k(scores, labels, &result, 5, 3, Int64(k), 2)
            #expect(result == expected)
        }
    }

    @Test("One-hot rows")
    func oneHot() {
        let result = withGuardedOutput(12) { pk_one_hot([2, -1, 0, 3], $0, 4, 3, 3) }
        #expect(result.intact && result.elements == [0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0])
    }

    @Test(
        "Reductions of the middle axis",
        arguments: [
            (1, 1, 1), (0, 3, 2), (2, 0, 3), (1, 5000, 1), (3, 700, 1), (40, 9, 1), (1, 3000, 3), (2, 50, 17),
            (5, 4, 600),
            (1, 300, 130), (1, 140, 1030), (9, 10, 11),
        ])
    func reductions(outer: Int, middle: Int, inner: Int) {
        var random = Generator(seed: 4)
        let elements = random.wholeNumbers(outer * middle * inner)
        for reduction in [PK_SUM, PK_MAX, PK_MIN] {
            let start = reduction == PK_SUM ? 0 : reduction == PK_MAX ? -Double.infinity : .infinity
            var expected = [Double](repeating: start, count: outer * inner)
            for row in 0..<outer {
                for step in 0..<middle {
                    for column in 0..<inner {
                        let element = Double(elements[(row * middle + step) * inner + column])
                        let place = row * inner + column
                        expected[place] = FusedProgram.combine(reduction, expected[place], element)
                    }
                }
            }
            for threads in 1...3 {
                let result = withGuardedOutput(outer * inner) {
                    pk_reduce(reduction, elements, $0, Int64(outer), Int64(middle), Int64(inner), Int32(threads))
                }
                #expect(result.intact && largestError(result.elements, expected) == 0)
            }
        }
    }
}
