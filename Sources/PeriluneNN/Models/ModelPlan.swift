import PeriluneGraph

/// The calls of a functional model, in an order in which they can be made.
struct ModelPlan {
    let inputs: [ModelTensor]
    let outputs: [ModelTensor]
    private(set) var calls: [LayerCall] = []

    /// The layers in the order of their first calls, each once.
    var layers: [any Layer] {
        var seen: Set<ObjectIdentifier> = []
        return calls.map(\.layer).filter { seen.insert(ObjectIdentifier($0)).inserted }
    }

    /// Walks from the outputs to the inputs, depth first; on a stack of its own, since a model may be deep.
    /// - Throws: `ModelError` where an output needs an input that is not among `inputs`.
    init(inputs: [ModelTensor], outputs: [ModelTensor]) throws {
        self.inputs = inputs
        self.outputs = outputs
        guard !inputs.isEmpty, !outputs.isEmpty else {
            throw ModelError(.invalidArgument, "a model needs at least one input and one output")
        }
        for input in inputs where input.producer != nil {
            throw ModelError(.invalidArgument, "an input of a model must be made by Input, not by a layer")
        }
        let given = Set(inputs.map { ObjectIdentifier($0) })
        guard given.count == inputs.count else {
            throw ModelError(.invalidArgument, "a model must not have the same input twice")
        }
        var done: Set<ObjectIdentifier> = []
        // Reversed, since the last on the stack is the next.
        var stack = outputs.reversed().map { (tensor: $0, isReady: false) }
        while let (tensor, isReady) = stack.popLast() {
            guard let call = tensor.producer?.call else {
                guard given.contains(ObjectIdentifier(tensor)) else {
                    let name = tensor.name.map { " '\($0)'" } ?? ""
                    throw ModelError(
                        .invalidArgument,
                        "an output depends on the input\(name) of shape \(tensor.shape), "
                            + "which is not among the model's inputs"
                    )
                }
                continue
            }
            if done.contains(ObjectIdentifier(call)) { continue }
            if isReady {
                done.insert(ObjectIdentifier(call))
                calls.append(call)
            } else {
                stack.append((tensor, true))
                stack += call.inputs.reversed().map { ($0, false) }
            }
        }
    }

    func call(_ symbols: [SymbolicTensor], in context: LayerContext) throws -> [SymbolicTensor] {
        guard symbols.count == inputs.count else {
            throw ModelError(.shapeMismatch, "takes \(inputs.count) input(s), got \(symbols.count)")
        }
        var made: [ObjectIdentifier: [SymbolicTensor]] = [:]
        for (input, symbol) in zip(inputs, symbols) {
            guard input.shape.rank == symbol.rank - 1, input.dtype == symbol.dtype else {
                let name = input.name.map { "'\($0)' " } ?? ""
                throw ModelError(
                    .shapeMismatch, "input \(name)takes \(input.spec) without the batch, got \(symbol.spec) with it")
            }
            made[ObjectIdentifier(input)] = [symbol]
        }
        func symbol(_ tensor: ModelTensor) throws -> SymbolicTensor {
            let source = tensor.producer.map { ObjectIdentifier($0.call) } ?? ObjectIdentifier(tensor)
            guard let outputs = made[source], outputs.indices.contains(tensor.producer?.output ?? 0) else {
                throw ModelError(.unsupported, "a layer gave fewer outputs than when it was first called")
            }
            return outputs[tensor.producer?.output ?? 0]
        }
        for call in calls {
            made[ObjectIdentifier(call)] = try context.call(call.layer, call.inputs.map(symbol))
        }
        return try outputs.map(symbol)
    }
}
