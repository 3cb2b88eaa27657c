/// Places buffers in one arena by when they live, so that memory is used again as soon as its last reader is done.
struct MemoryPlan {
    /// A buffer that wants a place.
    struct Request {
        let buffer: BufferID
        let byteCount: Int
        /// The first and last step that touch it.
        let first: Int
        let last: Int
    }

    private(set) var offsets: [BufferID: Int] = [:]
    private(set) var byteCount = 0

    static let alignment = 64

    /// Larger and longer-lived buffers are placed first, each at the lowest offset where it overlaps no buffer that
    /// lives at the same time (greedy by size; Pisarchyk and Lee 2020).
    /// - Throws: `RuntimeError` where that takes more memory than any machine has.
    init(_ requests: [Request]) throws(RuntimeError) {
        var total = 0
        for request in requests {
            let (sum, overflows) = total.addingReportingOverflow(request.byteCount)
            guard !overflows, sum < 1 << 52 else {
                throw RuntimeError(.outOfMemory, "out of memory: the program's buffers take more than 4 million GB")
            }
            total = sum
        }
        var placed: [(request: Request, offset: Int, end: Int)] = []
        let order = requests.sorted {
            ($0.byteCount, $0.last - $0.first, $1.buffer.index) > ($1.byteCount, $1.last - $1.first, $0.buffer.index)
        }
        for request in order {
            let size = Self.aligned(request.byteCount)
            var offset = 0
            // `placed` is in the order of offsets.
            for other in placed where other.request.first <= request.last && request.first <= other.request.last {
                if offset + size <= other.offset { break }
                offset = max(offset, other.end)
            }
            let position = placed.firstIndex { $0.offset > offset } ?? placed.count
            placed.insert((request, offset, offset + size), at: position)
            offsets[request.buffer] = offset
            byteCount = max(byteCount, offset + size)
        }
    }

    static func aligned(_ byteCount: Int) -> Int { (max(1, byteCount) + alignment - 1) / alignment * alignment }
}
