import PeriluneData
import PeriluneGraph
import PeriluneRuntime

/// A program with the memory to run it in.
final class CompiledStep {
    var context: ExecutionContext
    /// The memory that it works in, in bytes.
    let arenaByteCount: Int

    init(_ graph: Graph, variables: VariableStore, threads: Int?) throws {
        let program = try Program(graph, variables: variables, threads: threads)
        arenaByteCount = program.statistics.arenaByteCount
        context = try ExecutionContext(program, variables: variables)
    }
}

/// What tells a trainer's programs apart.
struct StepKey: Hashable {
    let layout: DataLayout
    let batch: Int
    let mode: StepMode
    let threads: Int?
}
