internal import CKernels
internal import COneDNN

/// The gradient of a convolution's kernel on any number of threads, summed as the library sums it on several: parts of
/// the examples, each by a primitive of its own, and then the parts in order.
@safe final class SlicedPrimitive: BoundKernel {
    private let primitives: [OneDNNPrimitive]
    private let bindings: BindingMemory
    /// The sums of the parts after the first, and the scratch memory of each part.
    private let memory: AlignedBuffer
    private let slices: UnsafeMutableBufferPointer<Slice>
    private let sums: UnsafeMutableBufferPointer<Sum>
    private let orderedBias: OrderedBias?
    /// From the partial results of a part to those of the next, in elements.
    private let rowElements: Int
    /// The library's objects for what is read.
    let inputs: [Input]

    /// An object of the library that begins `offset` bytes into argument number `argument`.
    @unsafe struct Input {
        let argument: Int
        let memory: dnnl_memory_t
        let offset: Int
    }

    @unsafe private struct Slice {
        let primitive: dnnl_primitive_t
        let stream: dnnl_stream_t
        let arguments: UnsafePointer<dnnl_exec_arg_t>
        let argumentCount: Int32
        var status = dnnl_success
    }

    /// A result: where it goes, with the sum of the first part, and where that of the second part is.
    @unsafe private struct Sum {
        let target: UnsafeMutablePointer<Float>
        let partials: UnsafeMutablePointer<Float>
        let count: Int
    }

    /// The bias's gradient as one thread sums it: row after row of dy.
    @unsafe private struct OrderedBias {
        let dy: dnnl_memory_t
        let rows: Int
        let channels: Int
        let target: UnsafeMutablePointer<Float>

        func run() {
            var address: UnsafeMutableRawPointer?
            guard unsafe dnnl_memory_get_data_handle(dy, &address) == dnnl_success, let address = unsafe address else {
                return
            }
            var row = unsafe UnsafePointer(address.assumingMemoryBound(to: Float.self))
            let (rows, channels) = unsafe (rows, channels)
            for channel in 0..<channels { unsafe target[channel] = 0 }
            for _ in 0..<rows {
                for channel in 0..<channels { unsafe target[channel] += row[channel] }
                unsafe row += channels
            }
        }
    }

    /// - Parameters:
    ///   - ordersBias: whether the bias's gradient is summed in one row, which is how the library does it where its
    ///   threads
    ///     can share the channels, rather than in parts.
    ///   - parts: how many threads the library's own kernel was compiled for.
    ///   - addresses: where the primitive's arguments are.
    /// - Throws: `RuntimeError` where there is no memory, or the library has no kernel for a part.
    @unsafe init(
        _ primitive: OneDNNPrimitive, examples: Int, parts: Int, ordersBias: Bool,
        addresses: [UnsafeMutableRawPointer?], budget: (any MemoryBudget)?
    ) throws(RuntimeError) {
        // The first parts are one larger where it does not come out even, as in the library.
        let sizes = (0..<parts).map { examples / parts + ($0 < examples % parts ? 1 : 0) }.filter { $0 > 0 }
        var primitives: [OneDNNPrimitive] = []
        for size in sizes { primitives.append(try primitive.slice(examples: size)) }

        // Results one after another, and for each part after the first, such a row of partial results.
        var results: [(argument: Int, offset: Int)] = []
        var rowBytes = 0
        for (index, argument) in primitive.arguments.enumerated() where !argument.isPerExample {
            results.append((index, rowBytes))
            rowBytes += MemoryPlan.aligned(argument.layout.byteCount)
        }
        let scratchBytes = primitives.map { MemoryPlan.aligned($0.scratchpad.byteCount) }
        let memory = try AlignedBuffer(
            byteCount: rowBytes * (sizes.count - 1) + scratchBytes.reduce(0, +), budget: budget)

        let bindings = BindingMemory()
        var inputs: [Input] = unsafe []
        var slices: [Slice] = unsafe []
        var example = 0
        var scratch = unsafe memory.base + rowBytes * (sizes.count - 1)
        for (part, slice) in primitives.enumerated() {
            var places = unsafe addresses
            for (index, argument) in slice.arguments.enumerated() where argument.isPerExample {
                unsafe places[index] = places[index].map { unsafe $0 + example * argument.exampleByteCount }
            }
            for result in results where part > 0 {
                unsafe places[result.argument] = memory.base + rowBytes * (part - 1) + result.offset
            }
            let arguments = try unsafe bindings.arguments(of: slice, at: places, scratch: scratch)
            for (index, argument) in slice.arguments.enumerated() where argument.isPerExample {
                unsafe inputs.append(
                    Input(
                        argument: index, memory: arguments[index].memory, offset: example * argument.exampleByteCount))
            }
            let stream = try unsafe bindings.stream()
            unsafe slices.append(
                Slice(
                    primitive: slice.handle, stream: stream, arguments: bindings.keep(arguments),
                    argumentCount: Int32(arguments.count)))
            unsafe scratch += scratchBytes[part]
            example += sizes[part]
        }
        var orderedBias: OrderedBias?
        let dy = primitive.arguments.firstIndex { $0.name == DNNL_ARG_DIFF_DST }
        let bias = primitive.arguments.firstIndex { $0.name == DNNL_ARG_DIFF_BIAS }
        if ordersBias, let dy, let bias, let target = unsafe addresses[bias] {
            let channels = primitive.arguments[bias].layout.byteCount / 4
            unsafe orderedBias = OrderedBias(
                dy: slices[0].arguments[dy].memory, rows: primitive.arguments[dy].layout.byteCount / 4 / channels,
                channels: channels, target: target.assumingMemoryBound(to: Float.self))
            results.removeAll { $0.argument == bias }
        }
        let sums = unsafe results.compactMap { result in
            unsafe addresses[result.argument].map { target in
                unsafe Sum(
                    target: target.assumingMemoryBound(to: Float.self),
                    partials: (memory.base + result.offset).assumingMemoryBound(to: Float.self),
                    count: primitive.arguments[result.argument].layout.byteCount / 4)
            }
        }
        unsafe self.slices = .allocate(capacity: slices.count)
        _ = unsafe self.slices.initialize(from: slices)
        unsafe self.sums = .allocate(capacity: sums.count)
        _ = unsafe self.sums.initialize(from: sums)
        unsafe self.orderedBias = orderedBias
        rowElements = rowBytes / 4
        self.primitives = primitives
        self.bindings = bindings
        self.memory = memory
        unsafe self.inputs = inputs
    }

    deinit {
        unsafe slices.deallocate()
        unsafe sums.deallocate()
    }

    @unsafe override func run(_ memory: StepMemory) -> Bool { run() }

    /// Runs all parts, on as many threads as the team may have. Allocates nothing.
    /// - Returns: whether it worked.
    func run() -> Bool {
        let body: @convention(c) (UnsafeMutableRawPointer?, Int32, Int32) -> Void = { context, part, _ in
            guard let slices = unsafe context?.assumingMemoryBound(to: Slice.self) else { return }
            let slice = unsafe slices[Int(part)]
            unsafe slices[Int(part)].status = dnnl_primitive_execute(
                slice.primitive, slice.stream, slice.argumentCount, slice.arguments)
        }
        let count = unsafe slices.count
        unsafe pk_parallel(Int32(count), body, slices.baseAddress)
        for part in 0..<count {
            guard unsafe slices[part].status == dnnl_success else { return false }
        }
        for index in 0..<(unsafe sums.count) {
            let sum = unsafe sums[index]
            for part in 1..<max(1, count) {
                let partial = unsafe sum.partials + rowElements * (part - 1)
                for element in 0..<(unsafe sum.count) { unsafe sum.target[element] += partial[element] }
            }
        }
        unsafe orderedBias?.run()
        return true
    }
}
