public import PeriluneItems

/// A fully connected recurrent layer (Elman 1990, keras.layers.SimpleRNN).
///
/// See `RecurrentLayer` for inputs and outputs, and `SimpleRecurrence` for the arithmetic and the weights.
public final class SimpleRNN: RecurrenceLayer {
    public static let kind = "simple_rnn"

    public static let declaration = LayerDeclaration(
        layer: kind, SimpleRNN(1),
        positional: [.required("units", \.recurrence.units, .integer(atLeast: 1), "the extent of the output")],
        options: [
            .all(SimpleRecurrence.options, of: \.recurrence), .all(SequenceOptions.options, of: \.sequences),
        ],
        help: """
            A recurrent layer: h = tanh(x * kernel + bias + h * recurrent_kernel).
            Input [n, steps, in], and initial states or none.
            Weights kernel [in, units], recurrent_kernel [units, units], bias [units].
            """
    ) {
        var recurrence = try $0[\.recurrence]
        recurrence.units = try $0[\.recurrence.units]
        return SimpleRNN(recurrence, try $0[\.sequences])
    }

    public let core: LayerCore
    public let recurrence: SimpleRecurrence
    public var sequences: SequenceOptions

    public init(_ recurrence: SimpleRecurrence, _ sequences: SequenceOptions = SequenceOptions(), name: String? = nil) {
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
            SimpleRecurrence(units),
            SequenceOptions(
                returnsSequences: returnsSequences, returnsState: returnsState, goesBackwards: goesBackwards),
            name: name)
    }
}
