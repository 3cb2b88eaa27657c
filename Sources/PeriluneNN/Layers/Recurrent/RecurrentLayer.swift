public import PeriluneGraph
import PeriluneItems

/// What a recurrent layer gives, and in which order it goes.
public struct SequenceOptions: Hashable, Sendable {
    static let options: [ItemOption<SequenceOptions>] = [
        .optional(
            "return_sequences", \.returnsSequences, .boolean, "whether the outputs of all steps are given, not the last"
        ),
        .optional("return_state", \.returnsState, .boolean, "whether the last states are given too"),
        .optional(
            "go_backwards", \.goesBackwards, .boolean,
            "whether the last row comes first; the outputs are in the order in which they are made"),
    ]

    public var returnsSequences = false
    public var returnsState = false
    public var goesBackwards = false

    public init(returnsSequences: Bool = false, returnsState: Bool = false, goesBackwards: Bool = false) {
        self.returnsSequences = returnsSequences
        self.returnsState = returnsState
        self.goesBackwards = goesBackwards
    }
}

/// A layer that runs a step over the rows of a sequence (keras.layers.RNN).
///
/// Inputs: a sequence [n, steps, inputs], then, if the first states are not to be zeros, these, [n, extent] each.
/// Outputs: the last output [n, extent], or those of all steps [n, steps, extent], then the last states where they are
/// wanted.
public protocol RecurrentLayer: Layer {
    var sequences: SequenceOptions { get set }
    /// The extents of the states.
    var stateExtents: [Int] { get }
    /// Which state is the output.
    var outputState: Int { get }

    /// The layer's own weights for rows [n, inputs].
    func declareWeights(row: TensorSpec) throws -> [WeightDeclaration]
    /// A step over such rows.
    func makeStep(for row: TensorSpec, in context: LayerContext) throws -> RecurrentStep
}

extension RecurrentLayer {
    public var asRecurrentLayer: (any RecurrentLayer)? { self }

    public func declareWeights(for inputs: [TensorSpec]) throws -> [WeightDeclaration] {
        guard let sequence = inputs.first, sequence.shape.rank == 3 else {
            throw ModelError(
                .shapeMismatch,
                "takes a sequence [n, steps, inputs], got shape \(inputs.first.map { "\($0.shape)" } ?? "nothing")")
        }
        guard sequence.dtype == .float32 else {
            throw ModelError(.typeMismatch, "takes float32 inputs, got \(sequence)")
        }
        guard sequence.shape[1] > 0 else {
            throw ModelError(.shapeMismatch, "takes a sequence of 1 step or more, got shape \(sequence.shape)")
        }
        if inputs.count > 1 {
            try ModelError.checkStates(
                Array(inputs.dropFirst()), stateExtents, "initial state", batch: sequence.shape[0])
        }
        return try declareWeights(row: TensorSpec([sequence.shape[0], sequence.shape[2]]))
    }

    public func call(_ inputs: [SymbolicTensor], in context: LayerContext) throws -> [SymbolicTensor] {
        let (rows, states) = try run(inputs, in: context)
        // As in Keras, a loop backwards gives its outputs in the order in which it makes them.
        let sequence = try rows.map { try sequences.goesBackwards ? $0.stepsReversed() : $0 }
        return [sequence ?? states[outputState]] + (sequences.returnsState ? states : [])
    }

    /// The outputs of all steps [n, steps, extent] where they are wanted, each beside its row, and the last states.
    func run(
        _ inputs: [SymbolicTensor], in context: LayerContext
    ) throws -> (rows: SymbolicTensor?, states: [SymbolicTensor]) {
        let (n, steps) = (inputs[0].shape[0], inputs[0].shape[1])
        let rows = try inputs[0].transposed([1, 0, 2])
        let step = try makeStep(for: TensorSpec(rows.shape.dropFirst()), in: context)
        let zeros = try stateExtents.map { try context.builder.fill(0).broadcast(to: [n, $0]) }
        let initial = inputs.count > 1 ? Array(inputs.dropFirst()) : zeros
        let wantsRows = sequences.returnsSequences
        let all = try context.builder.scan(
            initial, over: [rows], constants: step.constants, length: steps, reversed: sequences.goesBackwards
        ) { _, states, rows, constants in
            let next = try step.body(rows[0], states, constants)
            return (next, wantsRows ? [next[outputState]] : [])
        }
        return (try all.outputs.first?.transposed([1, 0, 2]), all.carries)
    }
}

extension SymbolicTensor {
    /// This tensor [n, steps, …] with its steps in the other order.
    func stepsReversed() throws -> SymbolicTensor {
        let steps = shape[1]
        var swapped = Array(0..<rank)
        swapped.swapAt(0, 1)
        let order = builder.literal(Tensor((0..<steps).map { Int32(steps - 1 - $0) }, shape: [steps]))
        return try transposed(swapped).gather(order).transposed(swapped)
    }
}

/// A recurrent layer of one recurrence, whose options are the recurrence's.
protocol RecurrenceLayer: RecurrentLayer, RecurrenceHolder {}

extension RecurrenceLayer {
    public func declareWeights(row: TensorSpec) throws -> [WeightDeclaration] {
        recurrence.declareWeights(inputs: row.shape[1])
    }
}
