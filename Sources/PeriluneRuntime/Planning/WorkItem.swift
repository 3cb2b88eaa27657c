internal import PeriluneGraph

/// Something to run: what it does and which memory it touches. Items become steps once they have an order.
struct WorkItem<Kernel: BackendKernel> {
    let kernel: Kernel
    /// In the order that the kernel wants.
    let reads: [BufferID]
    let writes: [BufferID]
    /// The smallest index of the nodes it computes; items run in this order where they may.
    let rank: Int
    /// Where the first of those nodes is from, for errors.
    var origin: String?
    /// Whether it only changes variables, and so is best done as soon as it can be.
    var isUpdate = false
}
