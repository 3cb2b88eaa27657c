internal import CKernels
internal import COneDNN

/// Runs bound steps.
enum Interpreter {
    /// Runs one step. Neither allocates nor counts references.
    /// - Returns: whether it worked; only a primitive of the kernel library can fail, where it finds no memory.
    @inline(__always)
    @unsafe static func run(
        _ step: BoundStep, _ addresses: UnsafeMutablePointer<UnsafeMutableRawPointer?>,
        scratch: UnsafeMutableRawPointer, stream: dnnl_stream_t, seed: UInt64, counter: UInt64
    ) -> Bool {
        func read(_ index: Int) -> UnsafeRawPointer {
            unsafe UnsafeRawPointer(addresses[Int(step.reads[index])].unsafelyUnwrapped)
        }
        func floats(_ index: Int) -> UnsafePointer<Float> { unsafe read(index).assumingMemoryBound(to: Float.self) }
        func integers(_ index: Int) -> UnsafePointer<Int32> { unsafe read(index).assumingMemoryBound(to: Int32.self) }
        let threads = unsafe step.threads
        let target = unsafe addresses[Int(step.writes[0])].unsafelyUnwrapped
        let result = unsafe target.assumingMemoryBound(to: Float.self)
        switch unsafe step.action {
        case .fused(let loop):
            unsafe runFused(loop, step, addresses, scratch)
        case .primitive(let primitive, let arguments, let count):
            return unsafe dnnl_primitive_execute(primitive, stream, count, arguments) == dnnl_success
        case .copy(let table, let rank, let sourceOffset, let targetOffset, let clearing):
            if clearing > 0 { unsafe pk_fill(target, 0, Int64(clearing), threads) }
            unsafe pk_copy(
                rank, table, read(0) + 4 * sourceOffset, table + Int(rank), target + 4 * targetOffset,
                table + 2 * Int(rank), threads)
        case .fill(let bits, let count):
            unsafe pk_fill(target, bits, Int64(count), threads)
        case .gather(let tableRows, let rowElements, let count):
            unsafe pk_gather(
                read(0), Int64(tableRows), Int64(rowElements), integers(1), Int64(count), target, threads)
        case .scatterAdd(let count, let rowElements, let rows):
            unsafe pk_scatter_add(
                integers(0), floats(1), Int64(count), Int64(rowElements), result, Int64(rows), threads)
        case .softmax(let rows, let columns, let logarithm):
            unsafe pk_softmax(floats(0), result, Int64(rows), Int64(columns), logarithm, threads)
        case .argMax(let rows, let columns):
            unsafe pk_arg_max(
                floats(0), target.assumingMemoryBound(to: Int32.self), Int64(rows), Int64(columns), threads)
        case .inTopK(let rows, let columns, let k):
            unsafe pk_in_top_k(floats(0), integers(1), result, Int64(rows), Int64(columns), Int64(k), threads)
        case .oneHot(let count, let depth):
            unsafe pk_one_hot(integers(0), result, Int64(count), Int64(depth), threads)
        case .reduce(let reduction, let outer, let middle, let inner):
            unsafe pk_reduce(reduction, floats(0), result, Int64(outer), Int64(middle), Int64(inner), threads)
        case .random(let distribution, let stream, let rate, let count):
            unsafe pk_random(distribution, seed, counter, stream, rate, result, Int64(count), threads)
        case .maxPool(let windows, let rectifies):
            let places = unsafe step.writeCount > 1 ? addresses[Int(step.writes[1])] : nil
            unsafe pk_max_pool(windows, floats(0), result, places, rectifies, threads)
        case .maxPoolGradient(let windows):
            let places = unsafe addresses[Int(step.reads[1])].unsafelyUnwrapped
            unsafe pk_max_pool_gradient(windows, floats(0), places, result, threads)
        }
        return true
    }

    private static func runFused(
        _ loop: UnsafePointer<pk_fused>, _ step: BoundStep,
        _ addresses: UnsafeMutablePointer<UnsafeMutableRawPointer?>, _ scratch: UnsafeMutableRawPointer
    ) {
        // Room for the most pointers that a loop may have, on the stack.
        unsafe withUnsafeTemporaryAllocation(of: UnsafeRawPointer?.self, capacity: LoopLimits.inputs) { inputs in
            unsafe withUnsafeTemporaryAllocation(of: UnsafeMutableRawPointer?.self, capacity: LoopLimits.outputs) {
                outputs in
                for index in 0..<(unsafe step.readCount) {
                    unsafe inputs.initializeElement(
                        at: index, to: UnsafeRawPointer(addresses[Int(step.reads[index])]))
                }
                for index in 0..<(unsafe step.writeCount) {
                    unsafe outputs.initializeElement(at: index, to: addresses[Int(step.writes[index])])
                }
                unsafe pk_fused_run(loop, inputs.baseAddress, outputs.baseAddress, scratch, step.threads)
            }
        }
    }
}
