internal import CKernels
internal import PeriluneGraph

/// Translates a group of nodes.
struct FusedLoopBuilder {
    private let analysis: GraphAnalysis
    private let group: FusionGroup
    private var values: [pk_value] = []
    private var instructions: [pk_instruction] = []
    private var sinks: [pk_sink] = []
    private var loads: [Operand: UInt8] = [:]
    private var computed: [NodeID: UInt8] = [:]
    /// What the loop reads, in the order of its inputs.
    private(set) var sources: [Value] = []
    /// What it writes, in the order of its outputs.
    private(set) var targets: [Value] = []

    init(_ group: FusionGroup, _ analysis: GraphAnalysis) {
        self.group = group
        self.analysis = analysis
    }

    mutating func build() -> FusedLoop {
        let members = Set(group.members)
        for id in group.members {
            if case .reduce(let operation, _) = analysis.graph[id].op {
                addReduction(id, operation)
            } else if case .elementwise(let operation) = analysis.graph[id].op.family {
                computed[id] = compute(id, operation)
            }
        }
        for id in group.members where analysis.isElementwise(id) {
            guard let value = computed[id] else { continue }
            let leaves =
                analysis.leavingCount[id.index] > 0 || analysis.users[id.index].contains { !members.contains($0) }
            if leaves { addSink(PK_STORE, PK_SUM, value, Value(id)) }
        }
        let columns = group.columns ?? group.elementCount
        return FusedLoop(
            rows: columns == 0 ? 0 : group.elementCount / columns, columns: columns, values: values,
            instructions: instructions, sinks: sinks)
    }

    private mutating func addReduction(_ id: NodeID, _ operation: ReduceOperation) {
        guard let (side, _) = analysis.reductionSide(id) else { return }
        let kind: pk_sink_kind =
            switch side {
            case .all: PK_REDUCE_ALL
            case .columns: PK_REDUCE_COLUMNS
            case .rows: PK_REDUCE_ROWS
            }
        addSink(kind, operation.reduction, slot(analysis.operands(of: id)[0]), Value(id))
    }

    private mutating func addSink(_ kind: pk_sink_kind, _ reduction: pk_reduction, _ value: UInt8, _ target: Value) {
        sinks.append(
            pk_sink(
                kind: UInt8(kind.rawValue), reduction: UInt8(reduction.rawValue), value: value,
                output: UInt8(targets.count)))
        targets.append(target)
    }

    private mutating func newValue(_ access: pk_access, input: Int = 0, constant: Float = 0) -> UInt8 {
        values.append(pk_value(access: UInt8(access.rawValue), input: UInt8(input), constant: constant))
        return UInt8(values.count - 1)
    }

    /// The value slot of an operand, loading it where it is not computed here.
    private mutating func slot(_ operand: Operand) -> UInt8 {
        if operand.access == .full, let value = computed[operand.source.node] { return value }
        if let value = loads[operand] { return value }
        let value: UInt8
        switch operand.access {
        case .constant(let number): value = newValue(PK_CONSTANT, constant: number)
        case .full: value = load(operand.source, PK_FULL)
        case .scalar: value = load(operand.source, PK_SCALAR)
        case .perColumn: value = load(operand.source, PK_PER_COLUMN)
        case .perRow: value = load(operand.source, PK_PER_ROW)
        }
        loads[operand] = value
        return value
    }

    private mutating func load(_ source: Value, _ access: pk_access) -> UInt8 {
        let input = sources.firstIndex(of: source) ?? sources.count
        if input == sources.count { sources.append(source) }
        // A loop over one element reads scalars and full tensors alike; the kernel likes the first better.
        return newValue(group.elementCount == 1 && access == PK_FULL ? PK_SCALAR : access, input: input)
    }

    private mutating func emit(_ opcode: pk_opcode, _ operands: [UInt8]) -> UInt8 {
        let target = newValue(PK_COMPUTED)
        let a = operands[0]
        instructions.append(
            pk_instruction(
                opcode: UInt8(opcode.rawValue), dst: target, a: a, b: operands.count > 1 ? operands[1] : a,
                c: operands.count > 2 ? operands[2] : a))
        return target
    }

    private mutating func compute(_ id: NodeID, _ operation: Op.Elementwise) -> UInt8 {
        let operands = analysis.operands(of: id).map { slot($0) }
        return emit(Opcodes.opcode(of: operation, analysis.spec(analysis.graph[id].inputs[0]).dtype), operands)
    }
}
