public import PeriluneGraph

/// A batch, ready in memory. Its pointers are valid until it is released, or the batcher is asked for the next one.
public struct Batch {
    /// From 1.
    public let epoch: Int
    /// The batch's number within its epoch, from 1.
    public let index: Int
    /// How many examples it holds.
    public let count: Int
    let layout: DataLayout
    let buffer: BatchBuffer

    /// The elements of an input: `count` examples, row-major, of the layout's type; aligned to 64 bytes.
    ///
    /// - Parameter index: which input, from 0; one of `layout.inputs`.
    public func input(_ index: Int = 0) -> UnsafeRawPointer {
        UnsafeRawPointer(buffer.blocks[index])
    }

    /// The elements of a target; as `input`.
    public func target(_ index: Int = 0) -> UnsafeRawPointer {
        UnsafeRawPointer(buffer.blocks[layout.inputs.count + index])
    }

    /// One float32 per example; nil where the data has no sample weights.
    public var sampleWeights: UnsafeRawPointer? {
        layout.hasSampleWeights ? UnsafeRawPointer(buffer.blocks[layout.inputs.count + layout.targets.count]) : nil
    }
}

extension Batch {
    /// A copy of an input, [count, …].
    public func inputTensor(_ index: Int = 0) -> Tensor {
        copy(input(index), layout.inputs[index].spec)
    }

    /// A copy of a target, [count, …].
    public func targetTensor(_ index: Int = 0) -> Tensor {
        copy(target(index), layout.targets[index].spec)
    }

    /// A copy of the sample weights, [count].
    public var sampleWeightTensor: Tensor? {
        sampleWeights.map { copy($0, TensorSpec(.scalar)) }
    }

    private func copy(_ pointer: UnsafeRawPointer, _ spec: TensorSpec) -> Tensor {
        let elements = count * spec.shape.elementCount
        func array<Element>(_ type: Element.Type) -> [Element] {
            Array(UnsafeBufferPointer(start: pointer.assumingMemoryBound(to: type), count: elements))
        }
        let shape = spec.shape.prepending(count)
        return switch spec.dtype {
        case .float32: Tensor(array(Float.self), shape: shape)
        case .int32: Tensor(array(Int32.self), shape: shape)
        }
    }
}
