internal import PeriluneGraph

/// From which amount of work more threads are used: about 15 microseconds of it. Calling a second thread takes half a
/// microsecond where it is awake, but a program that never does so leaves the other processor to whoever needs it.
enum Threading {
    /// Floating-point operations of a matrix product.
    static let smallestProduct = 1_000_000
    /// Element operations of a fused loop.
    static let smallestLoop = 600_000
    /// Elements moved or transformed by a kernel.
    static let smallestKernel = 60_000
}

extension StepOperation {
    /// How many of `available` threads this step should use.
    func threads(available: Int) -> Int {
        switch self {
        case .fused(let loop): loop.work >= Threading.smallestLoop ? available : 1
        case .kernel(let call): call.elementCount >= Threading.smallestKernel ? available : 1
        case .primitive: available
        }
    }
}

extension KernelCall {
    var elementCount: Int {
        switch self {
        case .copy(let extents, _, _, _, _, let clearing): max(clearing, extents.reduce(1, *))
        case .fill(_, let count), .random(_, _, let count): count
        case .gather(_, let rowElements, let count), .scatterAdd(let count, let rowElements, _): rowElements * count
        case .softmax(let rows, let columns, _): 8 * rows * columns
        case .argMax(let rows, let columns), .inTopK(let rows, let columns, _): rows * columns
        case .oneHot(let count, let depth): count * depth
        case .reduce(_, let outer, let middle, let inner): outer * middle * inner
        case .maxPool(let windows, _, _), .maxPoolGradient(let windows): windows.elementCount
        }
    }
}
