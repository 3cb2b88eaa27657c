public import PeriluneGraph

/// All elements 0.
public struct Zeros: Initializer, Hashable, Sendable {
    public static let name = "zeros"

    public init() {}

    public func makeTensor(shape: Shape, seed: UInt64, stream: UInt64) -> Tensor { Tensor(repeating: 0, shape: shape) }
}

/// All elements 1.
public struct Ones: Initializer, Hashable, Sendable {
    public static let name = "ones"

    public init() {}

    public func makeTensor(shape: Shape, seed: UInt64, stream: UInt64) -> Tensor { Tensor(repeating: 1, shape: shape) }
}

/// All elements `value`.
public struct Constant: Initializer, Hashable, Sendable {
    public static let name = "constant"

    public let value: Float

    public init(_ value: Float = 0) { self.value = value }

    public func makeTensor(shape: Shape, seed: UInt64, stream: UInt64) -> Tensor {
        Tensor(repeating: value, shape: shape)
    }
}

/// `gain` on the diagonal of a matrix, 0 elsewhere.
public struct Identity: Initializer, Hashable, Sendable {
    public static let name = "identity"

    public let gain: Float

    public init(gain: Float = 1) { self.gain = gain }

    /// - Throws: `ModelError` where the shape is not that of a matrix.
    public func makeTensor(shape: Shape, seed: UInt64, stream: UInt64) throws -> Tensor {
        guard shape.rank == 2 else {
            throw ModelError(.shapeMismatch, "initializer 'identity' takes matrices, got shape \(shape)")
        }
        var values = [Float](repeating: 0, count: shape.elementCount)
        for index in 0..<min(shape[0], shape[1]) { values[index * shape[1] + index] = gain }
        return Tensor(values, shape: shape)
    }
}
