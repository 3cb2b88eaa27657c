import CKernels

/// Small, repeatable numbers for tests.
struct Generator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed &* 0x9e37_79b9_7f4a_7c15 &+ 0x1234_5678_9abc_def1
    }

    mutating func next(below bound: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int((state >> 33) % UInt64(bound))
    }

    /// Whole numbers from -3 to 3: sums and products of them are exact, in whatever order and with or without fusing.
    mutating func wholeNumbers(_ count: Int) -> [Float] {
        (0..<count).map { _ in Float(next(below: 7) - 3) }
    }

    /// Numbers from `low` to `high`.
    mutating func numbers(_ count: Int, from low: Float = -2, to high: Float = 2) -> [Float] {
        (0..<count).map { _ in low + (high - low) * Float(next(below: 1 << 24)) / Float(1 << 24) }
    }

    mutating func pick<Element>(_ elements: [Element]) -> Element {
        elements[next(below: elements.count)]
    }
}

/// Memory for a kernel to write, with guards on both sides that tell of writes outside.
func withGuardedOutput(
    _ count: Int, _ body: (UnsafeMutablePointer<Float>) -> Void
) -> (elements: [Float], intact: Bool) {
    let margin = 32
    let memory = UnsafeMutablePointer<Float>.allocate(capacity: count + 2 * margin)
    defer { memory.deallocate() }
    memory.initialize(repeating: 12345, count: count + 2 * margin)
    body(memory + margin)
    let all = Array(UnsafeBufferPointer(start: memory, count: count + 2 * margin))
    let intact = all.prefix(margin).allSatisfy { $0 == 12345 } && all.suffix(margin).allSatisfy { $0 == 12345 }
    return (Array(all[margin..<(margin + count)]), intact)
}

func bits(_ elements: [Float]) -> [UInt32] {
    elements.map(\.bitPattern)
}

/// The largest difference, relative where `expected` is above 1.
func largestError(_ actual: [Float], _ expected: [Double]) -> Double {
    guard actual.count == expected.count else { return .infinity }
    return zip(actual, expected).reduce(0) { worst, pair in
        let (actual, expected) = (Double(pair.0), pair.1)
        if actual == expected || (actual.isNaN && expected.isNaN) { return worst }
        let error = abs(actual - expected) / Swift.max(1, abs(expected))
        return error.isNaN ? .infinity : Swift.max(worst, error)
    }
}
