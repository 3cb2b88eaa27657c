internal import PeriluneGraph

/// Names a piece of memory that steps read and write.
struct BufferID: Hashable {
    let index: Int
}

/// A piece of memory: where it lives, and how large it is.
struct Buffer {
    enum Home: Hashable {
        /// In the arena, while steps need it.
        case arena
        /// In the arena, from its writer to the end of the run, because the caller reads it.
        case output
        case variable(VariableID)
        /// Handed over by the caller for each run.
        case input(Int)
        case hyperparameter(Int)
        /// A literal of the program.
        case literal(Int)
    }

    var home: Home
    let byteCount: Int
}

/// Something to run: what it does and which memory it touches. Items become steps once they have an order.
struct WorkItem {
    let operation: StepOperation
    /// In the order that the operation wants.
    let reads: [BufferID]
    let writes: [BufferID]
    /// The smallest index of the nodes it computes; items run in this order where they may.
    let rank: Int
    /// Whether it only changes variables, and so is best done as soon as it can be.
    var isUpdate = false
}

/// What a step does.
enum StepOperation {
    case fused(FusedLoop)
    case kernel(KernelCall)
    case primitive(OneDNNPrimitive)
}

/// A call of one of the C kernels, with all but its pointers.
enum KernelCall: Hashable {
    /// `extents`, then strides of source and target in elements, and where the target begins.
    case copy(extents: [Int], source: [Int], target: [Int], sourceOffset: Int, targetOffset: Int, clearing: Int)
    case fill(bits: UInt32, count: Int)
    case gather(tableRows: Int, rowElements: Int, count: Int)
    case scatterAdd(count: Int, rowElements: Int, rows: Int)
    case softmax(rows: Int, columns: Int, logarithm: Bool)
    case argMax(rows: Int, columns: Int)
    case inTopK(rows: Int, columns: Int, k: Int)
    case oneHot(count: Int, depth: Int)
    case reduce(ReduceOperation, outer: Int, middle: Int, inner: Int)
    case random(RandomDistribution, stream: UInt32, count: Int)
    /// Writes the largest elements and, `forGradient`, where they are.
    case maxPool(PoolingWindows, rectifies: Bool, forGradient: Bool)
    case maxPoolGradient(PoolingWindows)
}
