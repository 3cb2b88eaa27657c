/// A host tensor: a value with a shape and its elements in row-major order.
///
/// Tensors carry data in and out of programs (batches, weights, predictions). Arithmetic on them is done by running a
/// graph, never here, so that there is one implementation of each operation.
public struct Tensor: Hashable, Sendable {
    /// The elements, in row-major order, by element type.
    public enum Elements: Hashable, Sendable {
        case float32([Float])
        case int32([Int32])
    }

    public let shape: Shape
    public let elements: Elements

    /// A float32 tensor. Traps where the count does not match the shape: check data from outside first.
    public init(_ elements: [Float], shape: Shape) {
        precondition(elements.count == shape.elementCount, "element count does not match shape")
        self.shape = shape
        self.elements = .float32(elements)
    }

    /// An int32 tensor. Traps where the count does not match the shape: check data from outside first.
    public init(_ elements: [Int32], shape: Shape) {
        precondition(elements.count == shape.elementCount, "element count does not match shape")
        self.shape = shape
        self.elements = .int32(elements)
    }

    /// A float32 scalar.
    public init(_ value: Float) {
        self.init([value], shape: .scalar)
    }

    /// A tensor of `shape` whose elements all are `value`.
    public init(repeating value: Float, shape: Shape) {
        self.init([Float](repeating: value, count: shape.elementCount), shape: shape)
    }
}

extension Tensor {
    public var dtype: DType {
        switch elements {
        case .float32: .float32
        case .int32: .int32
        }
    }

    public var spec: TensorSpec { TensorSpec(shape, dtype) }

    public var elementCount: Int { shape.elementCount }

    /// The elements as float32, converted where they are integers.
    public var floats: [Float] {
        switch elements {
        case .float32(let values): values
        case .int32(let values): values.map(Float.init)
        }
    }

    /// The elements as int32, rounded toward zero where they are floats; values out of range are clamped, NaN is 0.
    public var integers: [Int32] {
        switch elements {
        case .float32(let values):
            values.map { value in
                Int32(exactly: value.rounded(.towardZero)) ?? (value.isNaN ? 0 : value < 0 ? .min : .max)
            }
        case .int32(let values): values
        }
    }

    /// The same elements under another shape of the same element count, or nil where the counts differ.
    public func reshaped(to shape: Shape) -> Tensor? {
        guard shape.elementCount == elementCount else { return nil }
        return switch elements {
        case .float32(let values): Tensor(values, shape: shape)
        case .int32(let values): Tensor(values, shape: shape)
        }
    }

    /// The same values with another element type.
    public func converted(to dtype: DType) -> Tensor {
        switch dtype {
        case .float32: Tensor(floats, shape: shape)
        case .int32: Tensor(integers, shape: shape)
        }
    }
}
