public import PeriluneGraph

/// A layer that is one step of a recurrent one: `LSTMCell`, `StackedRNNCells`. Called by itself it takes a row and its
/// states and gives the output and the states after.
public protocol RecurrentCell: Layer {
    /// The extents of the states [n, extent], of which one is the output.
    var stateExtents: [Int] { get }
    /// Which state is the output.
    var outputState: Int { get }

    /// What steps over rows [n, inputs] need, with the cell's weights from the graph of `context`, which is the cell's.
    func makeStep(for row: TensorSpec, in context: LayerContext) throws -> RecurrentStep
}

/// A step that can be put into a loop: what it takes besides rows and states, and what it does.
public struct RecurrentStep {
    /// Tensors of the graph around the loop: weights, and the masks of dropout.
    let constants: [SymbolicTensor]
    /// The states after a row and the states before, given the constants as the loop sees them.
    let body:
        (_ row: SymbolicTensor, _ states: [SymbolicTensor], _ constants: [SymbolicTensor]) throws -> [SymbolicTensor]
}

extension RecurrentCell {
    public var asRecurrentCell: (any RecurrentCell)? { self }

    public func call(_ inputs: [SymbolicTensor], in context: LayerContext) throws -> [SymbolicTensor] {
        try ModelError.checkStates(
            inputs.dropFirst().map(\.spec), stateExtents, "state", batch: inputs[0].shape[0])
        let step = try makeStep(for: inputs[0].spec, in: context)
        let states = try step.body(inputs[0], Array(inputs.dropFirst()), step.constants)
        return [states[outputState]] + states
    }
}

/// A cell of one recurrence, whose options are the recurrence's.
protocol RecurrenceCell: RecurrentCell, RecurrenceHolder {}

extension RecurrenceCell {
    public func declareWeights(for inputs: [TensorSpec]) throws -> [WeightDeclaration] {
        guard let row = inputs.first, row.shape.rank == 2, row.dtype == .float32 else {
            throw ModelError(
                .shapeMismatch,
                "takes a row of float32 [n, inputs], got \(inputs.map(\.description).joined(separator: ", "))")
        }
        return recurrence.declareWeights(inputs: row.shape[1])
    }
}

/// A layer or a cell of one recurrence.
protocol RecurrenceHolder: Layer {
    associatedtype Kind: Recurrence

    var recurrence: Kind { get }
}

extension RecurrenceHolder {
    public var stateExtents: [Int] { Array(repeating: recurrence.units, count: Kind.stateCount) }
    public var outputState: Int { 0 }

    public func validate() throws { try recurrence.validate() }

    public func makeStep(for row: TensorSpec, in context: LayerContext) throws -> RecurrentStep {
        try recurrence.makeStep(for: row, in: context)
    }
}

extension Recurrence {
    /// The step with the weights of the layer of `context`, and with masks that are the same in all steps.
    func makeStep(for row: TensorSpec, in context: LayerContext) throws -> RecurrentStep {
        let weights = try declareWeights(inputs: row.shape[1]).map { try context[$0.name] }
        /// A mask of inverted dropout, in training.
        func mask(_ rate: Float, _ extent: Int) -> [SymbolicTensor] {
            guard context.isTraining, rate > 0 else { return [] }
            return [context.builder.random(.dropoutMask(rate: rate), [row.shape[0], extent])]
        }
        let masks = (mask(dropout, row.shape[1]), mask(recurrentDropout, units))
        let (weightCount, firstState) = (weights.count, weights.count + masks.0.count)
        let (dropsInputs, dropsState) = (!masks.0.isEmpty, !masks.1.isEmpty)
        return RecurrentStep(constants: weights + masks.0 + masks.1) { row, states, constants in
            var states = states
            if dropsState { states[0] = try states[0] * constants[firstState] }
            let row = dropsInputs ? try row * constants[weightCount] : row
            return try step(row, states, Array(constants[..<weightCount]))
        }
    }
}

extension ModelError {
    /// - Throws: `ModelError` where there is not a state of float32 [n, extent] for each of `extents`.
    static func checkStates(
        _ states: [TensorSpec], _ extents: [Int], _ name: String, batch: Int
    ) throws {
        guard states.count == extents.count else {
            let count = extents.count == 1 ? "1 \(name)" : "\(extents.count) \(name)s"
            throw ModelError(.invalidArgument, "takes \(count), got \(states.count)")
        }
        for (index, (state, extent)) in zip(states, extents).enumerated() {
            let expected: Shape = [batch, extent]
            guard state.shape == expected else {
                throw ModelError(
                    .shapeMismatch, "expects \(name) \(index + 1) of shape \(expected), got shape \(state.shape)")
            }
            guard state.dtype == .float32 else {
                throw ModelError(.typeMismatch, "expects \(name) \(index + 1) to be float32, got \(state.dtype)")
            }
        }
    }
}
