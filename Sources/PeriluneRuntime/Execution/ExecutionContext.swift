public import PeriluneGraph

/// Memory to run one program in.
///
/// A context belongs to the thread that runs it. The variables are the store's: what one program writes, the next
/// reads.
@safe public struct ExecutionContext: ~Copyable {
    private let program: Program
    private let variables: VariableStore
    private var execution: CPUExecution

    /// Sets up memory for `program`.
    /// - Throws: `RuntimeError` where there is not enough memory.
    public init(_ program: Program, variables: VariableStore) throws(RuntimeError) {
        self.program = program
        self.variables = variables
        execution = try CPUExecution(program.plan, variables: variables)
    }

    /// Which threads run, where the program uses several.
    package var team: TeamChoice {
        get { execution.team }
        set { execution.team = newValue }
    }

    /// How many primitives need all threads even on the small team, for tests; nil before it was wanted.
    var primitivesOfTheFullTeam: Int? { execution.primitivesOfTheFullTeam }

    /// Runs the program once. Allocates nothing, but for the one time when fewer threads than all are first wanted.
    ///
    /// - Parameters:
    ///   - inputs: for each input of the graph, where its row-major elements are; there until the call returns.
    ///   - hyperparameters: the run-time scalars, by their number.
    ///   - seed: what random numbers depend on, with `counter`, usually the number of the training step.
    /// - Throws: `RuntimeError` where the kernel library finds no memory; variables may be half updated then.
    @unsafe public mutating func run(
        inputs pointers: [UnsafeRawPointer], hyperparameters values: [Float], seed: UInt64, counter: UInt64
    ) throws(RuntimeError) {
        try unsafe execution.run(inputs: pointers, hyperparameters: values, seed: seed, counter: counter)
    }
}

// Convenience, and reading what came out.
extension ExecutionContext {
    /// Runs the program on tensors, checking each: for tests and calls that are not in a hurry.
    /// - Throws: `RuntimeError` where an input is missing or has another spec than the graph says.
    public mutating func run(
        inputs tensors: [Tensor], hyperparameters: [Float] = [], seed: UInt64 = 0, counter: UInt64 = 0
    ) throws(RuntimeError) {
        for (index, spec) in program.inputSpecs where !tensors.indices.contains(index) || tensors[index].spec != spec {
            let found = tensors.indices.contains(index) ? tensors[index].spec.description : "nothing"
            throw RuntimeError(.specMismatch, "input \(index) takes \(spec), got \(found)")
        }
        for binding in execution.hyperparameters where !hyperparameters.indices.contains(binding.index) {
            throw RuntimeError(.specMismatch, "hyper-parameter \(binding.index) has no value")
        }
        var staged: [StagedInput] = []
        for tensor in tensors { staged.append(try StagedInput(tensor)) }
        try unsafe run(
            inputs: staged.map { unsafe UnsafeRawPointer($0.memory.base) }, hyperparameters: hyperparameters,
            seed: seed,
            counter: counter)
        withExtendedLifetime(staged) {}
    }

    /// The first element of an output, after a run.
    public func scalar(_ output: Int) -> Float {
        program.outputSpecs[output].byteCount > 0 ? unsafe address(of: output).load(as: Float.self) : .nan
    }

    /// Runs `body` on the elements of a float32 output, in row-major order.
    public func withOutput<R>(_ output: Int, _ body: (UnsafeBufferPointer<Float>) throws -> R) rethrows -> R {
        let start = unsafe address(of: output).assumingMemoryBound(to: Float.self)
        let elements = unsafe UnsafeBufferPointer(
            start: start, count: program.outputSpecs[output].shape.elementCount)
        return try unsafe body(elements)
    }

    /// A copy of an output, after a run.
    public func tensor(_ output: Int) -> Tensor {
        unsafe Tensor(copying: address(of: output), spec: program.outputSpecs[output])
    }

    private func address(of output: Int) -> UnsafeRawPointer {
        unsafe execution.address(of: program.plan.outputs[output])
    }
}

/// Aligned memory with the elements of a tensor.
private final class StagedInput {
    let memory: AlignedBuffer

    init(_ tensor: Tensor) throws(RuntimeError) {
        memory = try AlignedBuffer(byteCount: tensor.spec.byteCount, budget: nil)
        unsafe tensor.copyElements(to: memory.base)
    }
}
