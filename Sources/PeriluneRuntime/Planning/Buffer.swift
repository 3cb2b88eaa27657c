internal import PeriluneGraph

/// Names a piece of memory that steps read and write.
struct BufferID: Hashable {
    let index: Int
}

/// A piece of memory: where it lives, and what is in it.
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
        /// Handed over by the caller for each run, to be written: a step of a loop writes where the loop says.
        case result(Int)
        /// A literal of the program.
        case literal(Int)
    }

    enum Contents: Hashable {
        /// A dense row-major tensor.
        case elements(DType, count: Int)
        /// What only kernels know how to read: a workspace, or a tensor in a layout of their own.
        case bytes(Int)
    }

    var home: Home
    let contents: Contents

    var byteCount: Int {
        switch contents {
        case .elements(let dtype, let count): TensorSpec([count], dtype).byteCount
        case .bytes(let count): count
        }
    }
}

extension Buffer.Home {
    /// Whether it is the caller's memory, which may be elsewhere in each run.
    var isCallers: Bool {
        switch self {
        case .input, .result: true
        case .arena, .output, .variable, .hyperparameter, .literal: false
        }
    }
}

extension Buffer.Contents {
    init(_ spec: TensorSpec) { self = .elements(spec.dtype, count: spec.shape.elementCount) }
}
