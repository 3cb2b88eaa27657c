internal import CKernels
internal import COneDNN
internal import Glibc

/// Memory in which a primitive and what is to stand in for it run on the same numbers.
@safe final class PrimitiveComparison {
    private let primitive: OneDNNPrimitive
    private let memory: AlignedBuffer
    private let scratch: AlignedBuffer
    private let results: AlignedBuffer
    /// Where each argument is in the memory.
    private let offsets: [Int]
    private let resultOffset: Int

    /// Runs `primitive` on random numbers.
    /// - Parameters:
    ///   - readCount: how many of its arguments it reads; it writes the others.
    ///   - threads: the team that it was compiled for.
    /// - Throws: `RuntimeError` where there is no memory for it.
    init(
        _ primitive: OneDNNPrimitive, readCount: Int, threads: Int, budget: (any MemoryBudget)?
    ) throws(RuntimeError) {
        var (offsets, end) = ([Int](), 0)
        for argument in primitive.arguments {
            offsets.append(end)
            end += MemoryPlan.aligned(argument.layout.byteCount)
        }
        let resultOffset = readCount < offsets.count ? offsets[readCount] : end
        self.primitive = primitive
        self.offsets = offsets
        self.resultOffset = resultOffset
        memory = try AlignedBuffer(byteCount: end, budget: budget)
        scratch = try AlignedBuffer(byteCount: primitive.scratchpad.byteCount, budget: budget)
        results = try AlignedBuffer(byteCount: end - resultOffset, budget: budget)
        for (index, argument) in primitive.arguments.prefix(readCount).enumerated() where argument.layout.isFloat32 {
            let elements = unsafe (memory.base + offsets[index]).assumingMemoryBound(to: Float.self)
            unsafe pk_random(PK_UNIFORM, 1, 0, UInt32(index), 0, elements, Int64(argument.layout.byteCount / 4), 1)
        }
        pk_set_threads(Int32(threads))
        try run(primitive)
        unsafe memcpy(results.base, memory.base + resultOffset, end - resultOffset)
    }

    /// Where the arguments are.
    var addresses: [UnsafeMutableRawPointer?] { unsafe offsets.map { unsafe memory.base + $0 } }

    /// Whether `other`, which takes the same arguments, gives the same bits on a team of `threads`.
    func agrees(with other: OneDNNPrimitive, threads: Int) throws(RuntimeError) -> Bool {
        pk_set_threads(Int32(threads))
        clear()
        try run(other)
        return isEqual
    }

    /// Whether `other`, made for `addresses`, gives the same bits on a team of `threads`.
    func agrees(with other: SlicedPrimitive, threads: Int) -> Bool {
        pk_set_threads(Int32(threads))
        pk_limit_team(Int32(threads))
        clear()
        return other.run() && isEqual
    }

    private var isEqual: Bool {
        unsafe memcmp(results.base, memory.base + resultOffset, memory.byteCount - resultOffset) == 0
    }

    private func clear() {
        unsafe memset(memory.base + resultOffset, 0, memory.byteCount - resultOffset)
    }

    private func run(_ other: OneDNNPrimitive) throws(RuntimeError) {
        let bindings = BindingMemory()
        let room = try AlignedBuffer(byteCount: other.scratchpad.byteCount, budget: nil)
        let arguments = try unsafe bindings.arguments(of: other, at: addresses, scratch: room.base)
        let stream = try unsafe bindings.stream()
        let status = unsafe dnnl_primitive_execute(other.handle, stream, Int32(arguments.count), arguments)
        try OneDNN.check(status, "to run a kernel")
    }
}

extension MemoryLayout {
    fileprivate var isFloat32: Bool { descriptor.data_type == dnnl_f32 }
}
