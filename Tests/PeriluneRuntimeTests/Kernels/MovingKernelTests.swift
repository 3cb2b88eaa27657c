import CKernels
import Testing

@Suite("Moving elements")
struct MovingKernelTests {
    /// Copies every element of `extents` by itself.
    static func twin(_ extents: [Int], _ src: [Float], _ srcStrides: [Int], _ dst: inout [Float], _ dstStrides: [Int]) {
        guard !extents.contains(0) else { return }
        var index = [Int](repeating: 0, count: extents.count)
        while true {
            let from = zip(index, srcStrides).map(*).reduce(0, +), to = zip(index, dstStrides).map(*).reduce(0, +)
            dst[to] = src[from]
            guard let axis = index.indices.last(where: { index[$0] + 1 < extents[$0] }) else { return }
            index[axis] += 1
            for inner in index.indices where inner > axis { index[inner] = 0 }
        }
    }

    static func check(_ extents: [Int], src srcStrides: [Int], dst dstStrides: [Int], _ what: Comment) {
        let size = { (strides: [Int]) in 1 + zip(extents, strides).map { Swift.max(0, $0 - 1) * $1 }.reduce(0, +) }
        let src = (0..<size(srcStrides)).map { Float($0) }
        var expected = [Float](repeating: -1, count: size(dstStrides))
        twin(extents, src, srcStrides, &expected, dstStrides)
        var box = box(extents, srcStrides, dstStrides, elementBytes: 4)
        for threads in 1...3 {
            let result = withGuardedOutput(expected.count) { memory in
                memory.update(repeating: -1, count: expected.count)
                pk_copy(&box, src, memory, Int32(threads))
            }
            #expect(result.intact, what)
            #expect(result.elements == expected, what)
        }
        checkTyped(extents, src: srcStrides, dst: dstStrides, src.map { UInt8(truncatingIfNeeded: Int($0)) }, what)
        checkTyped(extents, src: srcStrides, dst: dstStrides, src.map { UInt16(truncatingIfNeeded: Int($0)) }, what)
        checkTyped(extents, src: srcStrides, dst: dstStrides, src.map { UInt64($0) << 32 | 7 }, what)
    }

    /// The same for elements of another size, by way of the places that floats come from.
    private static func checkTyped<Element: FixedWidthInteger>(
        _ extents: [Int], src srcStrides: [Int], dst dstStrides: [Int], _ src: [Element], _ what: Comment
    ) {
        let size = 1 + zip(extents, dstStrides).map { Swift.max(0, $0 - 1) * $1 }.reduce(0, +)
        var places = [Float](repeating: -1, count: size)
        twin(extents, src.indices.map { Float($0) }, srcStrides, &places, dstStrides)
        let expected = places.map { $0 < 0 ? 99 : src[Int($0)] }
        var box = box(extents, srcStrides, dstStrides, elementBytes: MemoryLayout<Element>.size)
        for threads in 1...2 {
            var result = [Element](repeating: 99, count: size)
            pk_copy(&box, src, &result, Int32(threads))
            #expect(result == expected, what)
        }
    }

    private static func box(_ extents: [Int], _ src: [Int], _ dst: [Int], elementBytes: Int) -> pk_box {
        var box = pk_box()
        box.rank = Int32(extents.count)
        box.element_bytes = Int32(elementBytes)
        func set<Array>(_ array: inout Array, _ elements: [Int]) {
            withUnsafeMutableBytes(of: &array) { bytes in
                let numbers = bytes.bindMemory(to: Int64.self)
                for (index, element) in elements.enumerated() { numbers[index] = Int64(element) }
            }
        }
        set(&box.extents, extents)
        set(&box.src_strides, src)
        set(&box.dst_strides, dst)
        return box
    }

    static func dense(_ extents: [Int]) -> [Int] {
        extents.indices.map { extents[($0 + 1)...].reduce(1, *) }
    }

    @Test("Copies of runs, transposes, broadcasts and slices")
    func copies() {
        Self.check([], src: [], dst: [], "one element")
        Self.check([7], src: [1], dst: [1], "a run")
        Self.check([0, 3], src: [3, 1], dst: [3, 1], "nothing")
        for (rows, columns) in [(1, 5), (5, 1), (8, 8), (16, 16), (17, 33), (40, 25), (3, 100), (64, 9)] {
            Self.check([rows, columns], src: [1, rows], dst: [columns, 1], "transpose \(rows) x \(columns)")
            Self.check([rows, columns], src: [1, rows + 3], dst: [columns + 2, 1], "transpose of a slice")
            Self.check([rows, columns], src: [columns + 3, 1], dst: [columns, 1], "slice")
            Self.check([rows, columns], src: [columns, 1], dst: [columns + 5, 1], "into a slice")
            Self.check([rows, columns], src: [1, 0], dst: [columns, 1], "broadcast along rows")
            Self.check([rows, columns], src: [0, 1], dst: [columns, 1], "broadcast along columns")
            Self.check([rows, columns], src: [columns * 2, 2], dst: [columns, 1], "every second element")
            Self.check([rows, columns], src: [columns, 1], dst: [1, rows], "to columns")
        }
        Self.check([2, 3, 4, 5], src: [60, 5, 15, 1], dst: Self.dense([2, 3, 4, 5]), "heads")
        Self.check([2, 3, 20, 18], src: [1080, 360, 1, 20], dst: Self.dense([2, 3, 20, 18]), "batched transpose")
        Self.check([4, 1, 6], src: [6, 9, 1], dst: [6, 6, 1], "axes of one element")
    }

    @Test("Random permutations of axes", arguments: 0..<30)
    func permutations(seed: Int) {
        var random = Generator(seed: UInt64(seed))
        let rank = 1 + random.next(below: 5)
        let extents = (0..<rank).map { _ in 1 + random.next(below: rank > 3 ? 6 : 20) }
        var order = Array(0..<rank)
        for place in 0..<rank { order.swapAt(place, random.next(below: rank)) }
        let strides = Self.dense(order.map { extents[$0] })
        var src = [Int](repeating: 0, count: rank)
        for (place, axis) in order.enumerated() { src[axis] = strides[place] }
        if random.next(below: 3) == 0 { src[random.next(below: rank)] = 0 }
        Self.check(extents, src: src, dst: Self.dense(extents), "\(extents) from \(src)")
    }

    @Test("Fill", arguments: [0, 1, 15, 16, 100, 1001])
    func fill(count: Int) {
        for threads in 1...3 {
            let result = withGuardedOutput(count) {
                pk_fill($0, UInt64(Float(2.5).bitPattern), 4, Int64(count), Int32(threads))
            }
            #expect(result.intact && result.elements == [Float](repeating: 2.5, count: count))
            var (bytes, halves) = ([UInt8](repeating: 1, count: count), [UInt16](repeating: 1, count: count))
            var words = [UInt64](repeating: 1, count: count)
            pk_fill(&bytes, 0xab, 1, Int64(count), Int32(threads))
            pk_fill(&halves, 0xabcd, 2, Int64(count), Int32(threads))
            pk_fill(&words, 0x0123_4567_89ab_cdef, 8, Int64(count), Int32(threads))
            #expect(bytes.allSatisfy { $0 == 0xab } && halves.allSatisfy { $0 == 0xabcd })
            #expect(words.allSatisfy { $0 == 0x0123_4567_89ab_cdef })
        }
    }

    static let indexed = [(5, 1, 30), (7, 3, 20), (4, 100, 9), (1, 33, 4), (3, 2, 0)]

    @Test("Gathering and adding rows by index", arguments: indexed)
    func rowsByIndex(rows: Int, width: Int, count: Int) {
        var random = Generator(seed: UInt64(rows))
        let table = random.wholeNumbers(rows * width), updates = random.numbers(count * width)
        let indices = (0..<count).map { _ in Int32(random.next(below: rows + 3) - 1) }
        let isInside = { (index: Int32) in index >= 0 && index < rows }
        var gathered = [Float](repeating: 0, count: count * width)
        var sums = [Float](repeating: 0, count: rows * width)
        for (place, index) in indices.enumerated() where isInside(index) {
            for column in 0..<width {
                gathered[place * width + column] = table[Int(index) * width + column]
                sums[Int(index) * width + column] += updates[place * width + column]
            }
        }
        for threads in 1...3 {
            let read = withGuardedOutput(gathered.count) {
                pk_gather(table, Int64(rows), Int64(4 * width), indices, Int64(count), $0, Int32(threads))
            }
            #expect(read.intact && read.elements == gathered)
            let added = withGuardedOutput(sums.count) {
                pk_scatter_add(indices, updates, Int64(count), Int64(width), $0, Int64(rows), Int32(threads))
            }
            #expect(added.intact && bits(added.elements) == bits(sums))
        }
    }
}
