internal import CKernels

/// Moves elements of any type between strided tensors.
struct CopyKernel: LoopKernel {
    private let box: pk_box
    let elementCount: Int

    init(_ elements: ElementBox) {
        var box = pk_box()
        box.rank = Int32(elements.extents.count)
        box.element_bytes = Int32(elements.elementByteCount)
        Self.set(&box.extents, elements.extents)
        Self.set(&box.src_strides, elements.sourceStrides)
        Self.set(&box.dst_strides, elements.targetStrides)
        box.src_offset = Int64(elements.sourceOffset)
        box.dst_offset = Int64(elements.targetOffset)
        box.cleared = Int64(elements.cleared)
        self.box = box
        elementCount = elements.elementCount
    }

    /// Sets the first elements of an array within a C struct.
    private static func set<Array>(_ array: inout Array, _ elements: [Int]) {
        unsafe withUnsafeMutableBytes(of: &array) { bytes in
            let numbers = unsafe bytes.bindMemory(to: Int64.self)
            precondition(elements.count <= numbers.count, "a graph has no tensor of so many axes")
            for (index, element) in elements.enumerated() { unsafe numbers[index] = Int64(element) }
        }
    }

    @unsafe func run(_ memory: StepMemory) {
        unsafe withUnsafePointer(to: box) { unsafe pk_copy($0, memory.source(0), memory.target(), memory.threads) }
    }
}
