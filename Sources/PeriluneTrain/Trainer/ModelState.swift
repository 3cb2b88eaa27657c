public import PeriluneGraph
public import PeriluneNN
public import PeriluneRuntime

/// The values of a model's weights, in Keras's order. Outlives the trainers that change them.
///
/// Made at the first need, when the model is built; a model that is compiled again keeps its weights by handing its
/// state to the new trainer.
public final class ModelState {
    public let model: Model
    public let store: VariableStore
    /// What the initial values depend on.
    public let seed: UInt64
    private var isInitialized = false

    /// - Parameters:
    ///   - seed: what the initial values depend on; nil for a stream of its own, so that two models differ.
    ///   - budget: what the memory of weights and of the model's programs is counted against.
    public init(_ model: Model, seed: UInt64? = nil, budget: (any MemoryBudget)? = nil) {
        store = VariableStore(budget: budget)
        self.model = model
        self.seed = seed ?? RandomStreams.nextOfProcess()
    }

    /// Builds the model for these inputs, without the batch axis, unless it is built, and initializes its weights.
    /// - Throws: `ModelError` where a layer does not fit; `TrainingError` where the model is built for other inputs.
    public func build(_ inputs: [TensorSpec]) throws {
        if !model.isBuilt { try model.build(inputs: inputs) }
        guard model.inputSpecs == inputs else { throw mismatch(inputs) }
        try initialize()
    }

    /// Initializes the weights of a model that is built.
    /// - Throws: `TrainingError` where it is not.
    public func initialize() throws {
        guard !isInitialized else { return }
        guard model.isBuilt else {
            throw TrainingError(
                .invalidOption, "model '\(model.name)' is not built: give it an input, or data, first")
        }
        try requireRoom()
        // All values first: an initializer that refuses must not leave the store half filled.
        let values = try model.variables.entries.map { try $0.initialValue(seed: seed) }
        for value in values {
            let id = try store.add(value.spec)
            try store.write(value, to: id)
        }
        isInitialized = true
    }

    /// Finds out whether there is memory for the weights before any of it is taken.
    private func requireRoom() throws {
        let entries = model.variables.entries
        // Extents are a script's: their products and sums may be anything.
        let byteCount = entries.reduce(0) { sum, variable in
            let (result, overflows) = sum.addingReportingOverflow(variable.spec.byteCount)
            return overflows ? .max : result
        }
        do {
            try store.requireRoom(for: byteCount)
        } catch {
            let largest = entries.max { $0.spec.byteCount < $1.spec.byteCount }
            let which = largest.map { "; the largest is '\($0.path)', \($0.spec)" } ?? ""
            throw RuntimeError(error.code, "\(error.message): the weights of model '\(model.name)'\(which)")
        }
    }

    private func mismatch(_ inputs: [TensorSpec]) -> TrainingError {
        func list(_ specs: [TensorSpec]) -> String { specs.map(\.description).joined(separator: ", ") }
        let layer = model.layers.first.map { ", first layer '\($0.name)'," } ?? ""
        let types = (model.inputSpecs ?? []).map(\.dtype)
        let wanted = zip(types, inputs).first { $0 != $1.dtype }?.0
        let hint = wanted.map { "; x:to(\"\($0.rawValue)\") converts in Lua, converted(to: .\($0.rawValue)) in Swift" }
        return TrainingError(
            .invalidData,
            "model '\(model.name)'\(layer) takes \(list(model.inputSpecs ?? [])), the data give \(list(inputs)) "
                + "(shapes without the batch)" + (hint ?? ""))
    }
}

extension ModelState {
    /// The weights in Keras's order.
    /// - Throws: `TrainingError` where the model is not built.
    public func readWeights() throws -> [Tensor] {
        try initialize()
        return model.variables.entries.map { store.read($0.id) }
    }

    /// Replaces the weights; none where one does not fit.
    /// - Throws: `TrainingError` naming the weight that does not fit.
    public func writeWeights(_ weights: [Tensor]) throws {
        try initialize()
        let entries = model.variables.entries
        guard weights.count == entries.count else {
            throw TrainingError(
                .invalidData, "model '\(model.name)' has \(entries.count) weights, got \(weights.count) tensors")
        }
        for (variable, tensor) in zip(entries, weights) where variable.spec != tensor.spec {
            throw TrainingError(
                .invalidData, "weight '\(variable.path)' is \(variable.spec), got a tensor of \(tensor.spec)")
        }
        for (variable, tensor) in zip(entries, weights) { try store.write(tensor, to: variable.id) }
    }
}
