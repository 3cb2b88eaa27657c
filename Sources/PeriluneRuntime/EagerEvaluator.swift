public import PeriluneGraph

/// Evaluates small computations at once, as a prompt or a test wants it, with the same kernels that training uses.
///
/// Programs are kept by key and operand specs, so that the second `a + b` of a kind costs no compilation. An evaluator
/// stays on one thread.
public final class EagerEvaluator {
    private struct Key: Hashable {
        let name: String
        let specs: [TensorSpec]
    }

    private final class Entry {
        var context: ExecutionContext

        init(_ context: consuming ExecutionContext) { self.context = context }
    }

    private let variables: VariableStore
    private var entries: [Key: Entry] = [:]
    /// Programs kept before all are dropped: scripts that make tensors of ever new shapes must not fill the memory.
    private let capacity: Int

    /// - Parameter budget: what the memory of programs is counted against.
    public init(capacity: Int = 256, budget: (any MemoryBudget)? = nil) {
        self.capacity = capacity
        variables = VariableStore(budget: budget)
    }

    /// Drops the programs that are kept, and their memory.
    public func forgetPrograms() { entries.removeAll() }

    /// The value of `body` on `inputs`.
    ///
    /// - Parameters:
    ///   - key: names the computation; bodies with one key must do the same for the same specs.
    ///   - seed: what random numbers in the computation depend on.
    /// - Throws: what `body` throws for shapes that do not fit, or `RuntimeError`.
    public func evaluate(
        _ inputs: [Tensor], key: String, seed: UInt64 = 0, counter: UInt64 = 0,
        _ body: (GraphBuilder, [SymbolicTensor]) throws -> SymbolicTensor
    ) throws -> Tensor {
        let key = Key(name: key, specs: inputs.map(\.spec))
        let entry = try entries[key] ?? compile(inputs, body)
        if entries.count >= capacity { entries.removeAll() }
        entries[key] = entry
        try entry.context.run(inputs: inputs, seed: seed, counter: counter)
        return entry.context.tensor(0)
    }

    private func compile(
        _ inputs: [Tensor], _ body: (GraphBuilder, [SymbolicTensor]) throws -> SymbolicTensor
    ) throws -> Entry {
        let builder = GraphBuilder()
        let operands = inputs.enumerated().map { builder.input($0.offset, $0.element.spec) }
        builder.addOutput("result", try body(builder, operands))
        let program = try Program(builder.graph, variables: variables)
        return Entry(try ExecutionContext(program, variables: variables))
    }
}
