import CKernels
import Testing

@Suite("Threads")
struct ThreadKernelTests {
    @Test("Every part runs once", arguments: [1, 2, 3, 17])
    func parts(count: Int) {
        var runs = [Int32](repeating: 0, count: count)
        runs.withUnsafeMutableBufferPointer { runs in
            pk_parallel(
                Int32(count),
                { context, part, parts in
                    context?.assumingMemoryBound(to: Int32.self)[Int(part)] += parts
                }, runs.baseAddress)
        }
        #expect(runs == [Int32](repeating: Int32(count), count: count))
    }

    @Test("There is a thread")
    func available() {
        #expect((1...Int32(PK_MAX_THREADS)).contains(pk_available_threads()))
        pk_set_threads(1)
    }
}
