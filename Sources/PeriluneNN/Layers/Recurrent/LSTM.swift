public import PeriluneItems

/// Long short-term memory (Hochreiter and Schmidhuber 1997, keras.layers.LSTM).
///
/// See `RecurrentLayer` for inputs and outputs, and `LSTMRecurrence` for the arithmetic and the weights.
public final class LSTM: RecurrenceLayer {
    public static let kind = "lstm"

    public static let declaration = LayerDeclaration(
        layer: kind, LSTM(1),
        positional: [.required("units", \.recurrence.units, .integer(atLeast: 1), "the extent of the output")],
        options: [
            .all(LSTMRecurrence.options, of: \.recurrence), .all(SequenceOptions.options, of: \.sequences),
        ],
        help: """
            Long short-term memory. Input [n, steps, in], and initial states or none.
            Weights kernel [in, 4 units], recurrent_kernel [units, 4 units], bias [4 units]; gates i, f, c, o.
            """
    ) {
        var recurrence = try $0[\.recurrence]
        recurrence.units = try $0[\.recurrence.units]
        return LSTM(recurrence, try $0[\.sequences])
    }

    public let core: LayerCore
    public let recurrence: LSTMRecurrence
    public var sequences: SequenceOptions

    public init(_ recurrence: LSTMRecurrence, _ sequences: SequenceOptions = SequenceOptions(), name: String? = nil) {
        core = LayerCore(name: name)
        self.recurrence = recurrence
        self.sequences = sequences
    }

    /// - Parameter units: the extent of the output, 1 or more.
    public convenience init(
        _ units: Int, returnsSequences: Bool = false, returnsState: Bool = false, goesBackwards: Bool = false,
        name: String? = nil
    ) {
        self.init(
            LSTMRecurrence(units),
            SequenceOptions(
                returnsSequences: returnsSequences, returnsState: returnsState, goesBackwards: goesBackwards),
            name: name)
    }
}
