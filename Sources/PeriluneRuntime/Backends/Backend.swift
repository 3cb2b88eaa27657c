internal import PeriluneGraph

/// A device that runs programs, as planning sees it: what can be done in one loop, and what becomes of the rest. All
/// that is of one device is in a folder of its own beside this file.
protocol Backend {
    /// What a step of this device does, with all but its memory.
    associatedtype Kernel: BackendKernel

    /// How many of `available` threads a program should use.
    static func threads(for analysis: GraphAnalysis, available: Int) -> Int

    /// Adds what has to run for `graph` to `list`.
    /// - Throws: `RuntimeError` where the device has no kernel for an operation; it names where the operation is from.
    static func lower(_ analysis: GraphAnalysis, into list: inout WorkList<Self>) throws(RuntimeError)

    /// A kernel that sets every one of `count` float32 elements.
    static func fill(_ number: Float, count: Int) -> Kernel

    /// A kernel that copies elements of one operand.
    static func move(_ box: ElementBox) -> Kernel
}

/// A step of a device.
protocol BackendKernel: Sendable {
    /// How many of `available` threads it should use.
    /// - Parameter isLoopStep: whether it is part of a loop's step: the threads are awake then, and small steps add up.
    func threads(available: Int, isLoopStep: Bool) -> Int

    /// Scratch memory that it needs while it runs.
    func scratchByteCount(threads: Int) -> Int

    /// Whether it reads each element of operand `index` just before it writes the same one of a result, so that the two
    /// may be the same memory.
    func readsElementwise(_ index: Int) -> Bool

    /// What it counts as in `ProgramStatistics`.
    var kind: StepKind { get }
}

/// What a step counts as.
enum StepKind: Hashable, Sendable {
    case fusedLoop, kernel, primitive
    /// A loop over time, with steps of its own.
    case loop
    /// Moves a tensor from one memory layout to another.
    case reorder
}

/// Elements to move, of any type: extents with strides and offsets of source and target, in elements.
struct ElementBox: Hashable, Sendable {
    let elementByteCount: Int
    let extents: [Int]
    let sourceStrides: [Int]
    let targetStrides: [Int]
    var sourceOffset = 0
    var targetOffset = 0
    /// How many elements of the target are set to 0 before.
    var cleared = 0

    /// All elements that move or are cleared.
    var elementCount: Int { max(cleared, Shape(extents).elementCount) }
}

extension ElementBox {
    /// A copy from `strides` to a dense row-major tensor.
    init(_ spec: TensorSpec, from strides: [Int], sourceOffset: Int = 0) {
        self.init(
            elementByteCount: spec.dtype.byteCount, extents: spec.shape.dimensions, sourceStrides: strides,
            targetStrides: spec.shape.rowMajorStrides, sourceOffset: sourceOffset)
    }

    /// A copy of a dense tensor.
    init(copying contents: Buffer.Contents) {
        switch contents {
        case .elements(let dtype, let count):
            self.init(elementByteCount: dtype.byteCount, extents: [count], sourceStrides: [1], targetStrides: [1])
        case .bytes(let count):
            self.init(elementByteCount: 1, extents: [count], sourceStrides: [1], targetStrides: [1])
        }
    }

    /// NumPy's broadcasting of a dense tensor of `inner` to the shape of `spec`.
    init(broadcasting inner: Shape, to spec: TensorSpec) {
        let added = spec.shape.rank - inner.rank
        let strides = spec.shape.dimensions.indices.map { axis in
            axis < added || inner[axis - added] == 1 ? 0 : inner.rowMajorStrides[axis - added]
        }
        self.init(spec, from: strides)
    }
}
