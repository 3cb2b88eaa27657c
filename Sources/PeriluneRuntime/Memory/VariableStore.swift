public import PeriluneGraph

/// Owns the memory of parameters, optimizer slots and other state, in row-major order.
///
/// Programs read and write it in place while they run, so a store and everything that runs on it stay on one thread at
/// a time. Addresses never change.
public final class VariableStore {
    private final class Variable {
        let spec: TensorSpec
        let memory: AlignedBuffer

        init(_ spec: TensorSpec, _ budget: (any MemoryBudget)?) throws(RuntimeError) {
            self.spec = spec
            memory = try AlignedBuffer(byteCount: spec.byteCount, budget: budget)
        }
    }

    private var variables: [Variable] = []

    /// What the variables are counted against, and the memory of programs that run on them.
    public let budget: (any MemoryBudget)?

    public init(budget: (any MemoryBudget)? = nil) { self.budget = budget }

    public var count: Int { variables.count }

    /// Adds a variable of zeros.
    /// - Throws: `RuntimeError` where there is not enough memory.
    @discardableResult
    public func add(_ spec: TensorSpec) throws(RuntimeError) -> VariableID {
        variables.append(try Variable(spec, budget))
        return VariableID(index: variables.count - 1)
    }

    /// Finds out whether there is room for variables that are to be added, and for their values, before those are made.
    /// - Throws: `RuntimeError` where the budget or the host has none.
    public func requireRoom(for byteCount: Int) throws(RuntimeError) {
        try HostMemory.require(byteCount > .max / 2 ? .max : 2 * byteCount)
        try budget?.take(byteCount)
        budget?.giveBack(byteCount)
    }

    public func spec(of id: VariableID) -> TensorSpec { variables[id.index].spec }

    /// Where the elements are, for programs to bind.
    func address(of id: VariableID) -> UnsafeMutableRawPointer { unsafe variables[id.index].memory.base }

    /// A copy of the elements.
    public func read(_ id: VariableID) -> Tensor {
        unsafe Tensor(copying: address(of: id), spec: spec(of: id))
    }

    /// A copy of the elements of a float32 variable in `elements`, whose memory is used again where it has the size and
    /// nothing else uses it.
    public func read(_ id: VariableID, into elements: inout [Float]) -> Tensor {
        let spec = spec(of: id)
        precondition(spec.dtype == .float32, "the elements are not float32")
        guard elements.count == spec.shape.elementCount else {
            let copy = read(id)
            elements = copy.floats
            return copy
        }
        let source = unsafe address(of: id)
        unsafe elements.withUnsafeMutableBytes { target in
            if let base = target.baseAddress { unsafe base.copyMemory(from: source, byteCount: target.count) }
        }
        return Tensor(elements, shape: spec.shape)
    }

    /// Replaces the elements.
    /// - Throws: `RuntimeError` where shape or element type differ; nothing has changed then.
    public func write(_ tensor: Tensor, to id: VariableID) throws(RuntimeError) {
        let spec = spec(of: id)
        guard tensor.spec == spec else {
            throw RuntimeError(.specMismatch, "a variable of \(spec) cannot take a tensor of \(tensor.spec)")
        }
        unsafe tensor.copyElements(to: address(of: id))
    }

    /// Copies all elements of one variable to another of the same spec.
    public func copy(_ source: VariableID, to target: VariableID) {
        precondition(spec(of: source) == spec(of: target), "variables of different specs")
        unsafe address(of: target).copyMemory(from: address(of: source), byteCount: spec(of: source).byteCount)
    }

    /// Sets every element of a float32 variable.
    public func fill(_ id: VariableID, _ value: Float) {
        let count = spec(of: id).shape.elementCount
        unsafe address(of: id).assumingMemoryBound(to: Float.self).update(repeating: value, count: count)
    }
}
