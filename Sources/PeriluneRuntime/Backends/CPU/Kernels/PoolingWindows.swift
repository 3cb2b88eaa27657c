internal import CKernels
internal import PeriluneGraph

/// How the windows of a pooling slide over images: by depth, height and width, with 1 for axes that are not there.
struct PoolingWindows: Hashable, Sendable {
    let images: Int
    let channels: Int
    let input: [Int]
    let output: [Int]
    let window: [Int]
    let strides: [Int]
    /// Padding in front of each axis.
    let before: [Int]

    /// - Parameters:
    ///   - x: the pooled tensor's shape [n, …spatial, channels].
    ///   - y: the result's.
    init(_ attributes: PoolingAttributes, x: Shape, y: Shape) {
        func threeAxes(_ list: [Int], _ missing: Int = 1) -> [Int] {
            [Int](repeating: missing, count: 3 - list.count) + list
        }
        images = x[0]
        channels = x[-1]
        input = threeAxes(Array(x.dimensions[1..<x.rank - 1]))
        output = threeAxes(Array(y.dimensions[1..<y.rank - 1]))
        window = threeAxes(attributes.window)
        strides = threeAxes(attributes.strides)
        before = threeAxes(attributes.padding.map(\.before), 0)
    }

    /// The elements that are looked at.
    var elementCount: Int { images * channels * output.reduce(1, *) * window.reduce(1, *) }

    /// Bytes of the workspace that says where each largest element is.
    var workspaceByteCount: Int {
        unsafe withUnsafePointer(to: descriptor) { unsafe Int(pk_max_pool_where_bytes($0)) }
    }

    /// The same for the kernel.
    var descriptor: pk_windows {
        func triple(_ list: [Int]) -> (Int64, Int64, Int64) { (Int64(list[0]), Int64(list[1]), Int64(list[2])) }
        return pk_windows(
            images: Int64(images), channels: Int64(channels), input: triple(input), output: triple(output),
            window: triple(window), strides: triple(strides), before: triple(before))
    }
}
