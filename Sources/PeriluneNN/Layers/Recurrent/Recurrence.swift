public import PeriluneGraph
import PeriluneItems

/// The arithmetic of a recurrent layer: what one step makes of a row and of the states before. One file a kind.
///
/// The layer and the cell of a kind (`LSTM`, `LSTMCell`) hold the same recurrence.
public protocol Recurrence {
    /// The extent of the output, which is the first state.
    var units: Int { get set }
    var usesBias: Bool { get set }
    /// The weights: of the row, of the first state, and what is added.
    var kernel: WeightOptions { get set }
    var recurrent: WeightOptions { get set }
    var bias: WeightOptions { get set }
    /// The share of a row's elements, and of the first state's, that is dropped in training, the same ones in all
    /// steps.
    var dropout: Float { get set }
    var recurrentDropout: Float { get set }

    /// How many states [n, units] there are, 1 or more.
    static var stateCount: Int { get }

    /// - Throws: `ModelError.invalidArgument` where an option is out of range.
    func validate() throws

    /// The weights for rows [n, inputs].
    func declareWeights(inputs: Int) -> [WeightDeclaration]

    /// One step.
    /// - Parameters:
    ///   - x: the row, [n, inputs].
    ///   - states: the states before, [n, units] each.
    ///   - weights: in the order of `declareWeights`.
    /// - Returns: the states after, of which the first is the output.
    func step(_ x: SymbolicTensor, _ states: [SymbolicTensor], _ weights: [SymbolicTensor]) throws -> [SymbolicTensor]
}

extension Recurrence {
    /// The checks that all kinds have.
    func validateShares() throws {
        try Argument.positive("units", units)
        try Argument.within("dropout", dropout, 0..<1)
        try Argument.within("recurrent_dropout", recurrentDropout, 0..<1)
    }
}

// Options that the kinds share.
extension ItemOption {
    static func recurrentActivation(_ path: any KeyPath<Item, Activation> & Sendable) -> Self {
        .optional("recurrent_activation", path, .activation, "that of the gates")
    }
}

extension ItemOption where Item: Recurrence {
    /// The options that come after the activations, in Keras's order.
    static var recurrent: [Self] {
        [
            .useBias(\.usesBias), .weight("kernel", \.kernel), .weight("recurrent", \.recurrent),
            .weight("bias", \.bias),
            .optional(
                "dropout", \.dropout, .number(.within(0..<1)),
                "the share of the inputs that is dropped in training, the same in all steps"),
            .optional(
                "recurrent_dropout", \.recurrentDropout, .number(.within(0..<1)),
                "the share of the state that is dropped in training, the same in all steps"),
        ]
    }
}

extension WeightOptions {
    /// Keras's default of recurrent kernels: orthogonal.
    public static var recurrent: WeightOptions { WeightOptions(Orthogonal()) }
}

extension SymbolicTensor {
    /// Parts of equal extent along the last axis.
    func gates(_ count: Int) throws -> [SymbolicTensor] {
        let extent = shape[-1] / count
        return try (0..<count).map { gate in
            var starts = [Int](repeating: 0, count: rank)
            starts[rank - 1] = gate * extent
            return try sliced(starts: starts, extents: shape.replacing(axis: -1, with: extent).dimensions)
        }
    }
}
