internal import COneDNN
internal import PeriluneGraph

/// The description of a tensor for the library: extents in the order that it wants, and where the elements are.
struct MemoryLayout: @unchecked Sendable {
    // A plain C struct of numbers; it is not Sendable only because C does not say so.
    var descriptor: dnnl_memory_desc_t

    init(_ descriptor: dnnl_memory_desc_t) { self.descriptor = descriptor }

    /// A tensor with given strides, in elements.
    init(_ extents: [Int], strides: [Int], _ dtype: DType = .float32) throws(RuntimeError) {
        descriptor = dnnl_memory_desc_t()
        let (dims, steps) = (extents.map(Int64.init), strides.map(Int64.init))
        let status = unsafe dnnl_memory_desc_init_by_strides(
            &descriptor, Int32(extents.count), dims, dtype.libraryType, steps)
        try OneDNN.check(status, "a tensor of \(extents) with strides \(strides)")
    }

    /// A tensor whose layout the kernel may choose.
    init(any extents: [Int], _ dtype: DType = .float32) throws(RuntimeError) {
        descriptor = dnnl_memory_desc_t()
        let status = unsafe dnnl_memory_desc_init_by_tag(
            &descriptor, Int32(extents.count), extents.map(Int64.init), dtype.libraryType,
            dnnl_format_tag_any)
        try OneDNN.check(status, "a tensor of \(extents)")
    }

    /// A dense row-major tensor.
    static func rowMajor(_ extents: [Int], _ dtype: DType = .float32) throws(RuntimeError) -> MemoryLayout {
        var strides = [Int](repeating: 1, count: extents.count)
        for axis in stride(from: extents.count - 2, through: 0, by: -1) {
            strides[axis] = strides[axis + 1] * max(1, extents[axis + 1])
        }
        return try MemoryLayout(extents, strides: strides, dtype)
    }

    /// A dense tensor [n, …spatial, channels], described to the library as [n, channels, …spatial].
    static func channelsLast(_ shape: [Int], _ dtype: DType = .float32) throws(RuntimeError) -> MemoryLayout {
        var strides = [Int](repeating: 1, count: shape.count)
        for axis in stride(from: shape.count - 2, through: 0, by: -1) {
            strides[axis] = strides[axis + 1] * max(1, shape[axis + 1])
        }
        func channelsSecond(_ list: [Int]) -> [Int] { [list[0], list[list.count - 1]] + list[1..<list.count - 1] }
        return try MemoryLayout(channelsSecond(shape), strides: channelsSecond(strides), dtype)
    }

    var byteCount: Int { unsafe withUnsafePointer(to: descriptor) { unsafe dnnl_memory_desc_get_size($0) } }

    func isSame(as other: MemoryLayout) -> Bool {
        unsafe withUnsafePointer(to: descriptor) { mine in
            unsafe withUnsafePointer(to: other.descriptor) { unsafe dnnl_memory_desc_equal(mine, $0) != 0 }
        }
    }
}

extension DType {
    /// The library's name for it.
    fileprivate var libraryType: dnnl_data_type_t {
        switch self {
        case .float32: dnnl_f32
        case .int32: dnnl_s32
        }
    }
}
