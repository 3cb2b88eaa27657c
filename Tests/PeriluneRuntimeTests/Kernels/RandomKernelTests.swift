import CKernels
import Foundation
import Testing

@Suite("Random numbers")
struct RandomKernelTests {
    /// One block, as the paper has it.
    static func philox(_ counter: [UInt32], key: UInt64) -> [UInt32] {
        var (words, key0, key1) = (counter, UInt32(truncatingIfNeeded: key), UInt32(key >> 32))
        for _ in 0..<10 {
            let first = 0xd251_1f53 * UInt64(words[0]), second = 0xcd9e_8d57 * UInt64(words[2])
            words = [
                UInt32(second >> 32) ^ words[1] ^ key0, UInt32(truncatingIfNeeded: second),
                UInt32(first >> 32) ^ words[3] ^ key1, UInt32(truncatingIfNeeded: first),
            ]
            key0 &+= 0x9e37_79b9
            key1 &+= 0xbb67_ae85
        }
        return words
    }

    static func words(seed: UInt64, counter: UInt64, stream: UInt32, count: Int) -> [UInt32] {
        (0..<((count + 3) / 4)).flatMap { block in
            philox(
                [UInt32(block), stream, UInt32(truncatingIfNeeded: counter), UInt32(counter >> 32)], key: seed)
        }.prefix(count).map { $0 }
    }

    static func kernel(
        _ distribution: pk_distribution, seed: UInt64 = 7, counter: UInt64 = 0x1_0000_0003, stream: UInt32 = 5,
        rate: Float = 0, count: Int, threads: Int = 1
    ) -> [Float] {
        let result = withGuardedOutput(count) {
            pk_random(distribution, seed, counter, stream, rate, $0, Int64(count), Int32(threads))
        }
        #expect(result.intact)
        return result.elements
    }

    @Test("The known answers of Philox")
    func knownAnswers() {
        let expected: [UInt32] = [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]
        #expect(Self.philox([0, 0, 0, 0], key: 0) == expected)
        #expect(
            Self.philox([.max, .max, .max, .max], key: .max) == [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd])
        let uniform = Self.kernel(PK_UNIFORM, seed: 0, counter: 0, stream: 0, count: 4)
        #expect(uniform == expected.map { Float($0 >> 8) / 16_777_216 })
    }

    @Test("The same bits as the twin, whatever the threads", arguments: [0, 1, 3, 255, 256, 257, 1030])
    func uniform(count: Int) {
        let words = Self.words(seed: 7, counter: 0x1_0000_0003, stream: 5, count: count)
        let rate: Float = 0.3
        for threads in 1...3 {
            let uniform = Self.kernel(PK_UNIFORM, count: count, threads: threads)
            #expect(uniform == words.map { Float($0 >> 8) / 16_777_216 })
            let mask = Self.kernel(PK_DROPOUT_MASK, rate: rate, count: count, threads: threads)
            #expect(mask == words.map { Float($0 >> 8) / 16_777_216 < rate ? 0 : 1 / (1 - rate) })
        }
    }

    @Test("Normal numbers are those of Box and Muller", arguments: [1, 2, 7, 600])
    func normal(count: Int) {
        let words = Self.words(seed: 7, counter: 0x1_0000_0003, stream: 5, count: (count + 1) / 2 * 2)
        let expected = (0..<count).map { index -> Double in
            let radius = sqrt(-2 * log(Double((words[index / 2 * 2] >> 8) + 1) / 16_777_216))
            let angle = 2 * Double.pi * Double(words[index / 2 * 2 + 1] >> 8) / 16_777_216
            return radius * (index % 2 == 0 ? cos(angle) : sin(angle))
        }
        let first = Self.kernel(PK_NORMAL, count: count)
        #expect(largestError(first, expected) < 2e-6)
        for threads in 2...3 { #expect(Self.kernel(PK_NORMAL, count: count, threads: threads) == first) }
    }
}
