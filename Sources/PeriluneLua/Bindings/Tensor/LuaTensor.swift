package import PeriluneGraph
internal import PeriluneItems
internal import PeriluneLuaRuntime

/// A tensor as scripts hold it: values of its own, or a window on a weight of a model.
package final class LuaTensor {
    /// Where the values of a weight or gradient are.
    struct Place {
        let read: () throws -> Tensor
        let write: (Tensor) throws -> Void
        /// The gradient of the weight; nil for what has none.
        var gradient: (() throws -> LuaTensor)?
    }

    private var held: Tensor?
    private let place: Place?
    private var charge: MemoryCharge?

    init(_ value: Tensor) {
        held = value
        place = nil
    }

    /// A window: reads and writes what is there at the time.
    init(_ place: Place) {
        held = nil
        self.place = place
    }

    /// The elements now.
    package var value: Tensor {
        get throws {
            if let held { return held }
            return try place?.read() ?? Tensor(0)
        }
    }

    /// The weight's gradient, or nil where this is no weight.
    var gradient: LuaTensor? {
        get throws { try place?.gradient?() }
    }

    /// A window holds nothing of its own.
    func chargeMemory(to budget: ScriptBudget) throws {
        guard charge == nil, let held else { return }
        charge = try budget.charge(held.spec.byteCount)
    }

    /// Replaces the elements, all by one where `tensor` is a scalar; the shape and the element type stay.
    func assign(_ tensor: Tensor) throws {
        let old = try value
        guard tensor.shape == old.shape || tensor.shape.rank == 0 else {
            throw TensorFault("cannot assign a tensor of shape \(tensor.shape) to one of shape \(old.shape)")
        }
        let typed = try tensor.exactly(old.dtype)
        let converted: Tensor =
            switch typed.elements {
            case _ where typed.shape == old.shape: typed
            case .float32(let values): Tensor(repeating: values[0], shape: old.shape)
            case .int32(let values):
                Tensor([Int32](repeating: values[0], count: old.elementCount), shape: old.shape)
            }
        if let place { try place.write(converted) } else { held = converted }
    }
}

/// What is wrong with an operation on tensors that a script asked for.
struct TensorFault: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

/// Bounds that keep a script's mistake from taking the machine down.
enum TensorLimits {
    /// The most elements that one tensor of a script may have: 1 GiB of float32.
    static let elements = 1 << 28
    static let rank = 8

    /// - Parameter budget: what has to have room for a float32 tensor of this shape.
    /// - Throws: `TensorFault` where a shape has more axes or elements than are allowed, or an extent below 1.
    static func check(_ shape: Shape, _ budget: ScriptBudget? = nil) throws {
        guard shape.rank <= rank else { throw TensorFault("a tensor has at most \(rank) axes, got \(shape.rank)") }
        if let extent = shape.dimensions.first(where: { $0 < 1 }) {
            throw TensorFault("every extent of a tensor is at least 1, got \(extent) in \(shape)")
        }
        try budget?.requireRoom(for: min(shape.elementCount, .max / 8) * 4)
        guard shape.elementCount <= elements else {
            throw TensorFault("a tensor of shape \(shape) is too large; at most \(elements) elements are allowed")
        }
    }
}
