import Testing

@testable import PeriluneData

@Suite struct PhiloxStreamTests {
    @Test func streamsDependOnSeedUseAndIndexAlone() {
        func words(_ stream: PhiloxStream) -> [UInt32] {
            var stream = stream
            return (0..<9).map { _ in stream.nextWord() }
        }
        let reference = words(PhiloxStream(seed: 42, use: "shuffle", index: 3))
        #expect(reference == words(PhiloxStream(seed: 42, use: "shuffle", index: 3)))
        #expect(reference != words(PhiloxStream(seed: 43, use: "shuffle", index: 3)))
        #expect(reference != words(PhiloxStream(seed: 42 | 1 << 40, use: "shuffle", index: 3)))
        #expect(reference != words(PhiloxStream(seed: 42, use: "dataset", index: 3)))
        #expect(reference != words(PhiloxStream(seed: 42, use: "shuffle", index: 4)))
    }

    @Test func boundedNumbersAreUniform() {
        var stream = PhiloxStream(seed: 1, use: "test")
        var counts = [Int](repeating: 0, count: 7)
        for _ in 0..<70_000 { counts[Int(stream.next(below: 7))] += 1 }
        #expect(counts.allSatisfy { abs($0 - 10_000) < 400 })
        #expect((0..<10).allSatisfy { _ in stream.next(below: 1) == 0 })
    }

    /// Chi-square over all 24 orders of four elements.
    @Test func permutationsAreUniform() {
        var counts: [[Int32]: Int] = [:]
        for index in 0..<24_000 {
            var order: [Int32] = [0, 1, 2, 3]
            order.permute(by: PhiloxStream(seed: 9, use: "test", index: index))
            counts[order, default: 0] += 1
        }
        #expect(counts.count == 24)
        let chiSquare = counts.values.reduce(0.0) { $0 + Double(($1 - 1000) * ($1 - 1000)) / 1000 }
        #expect(chiSquare < 49.7)  // 23 degrees of freedom, p = 0.001
    }
}
