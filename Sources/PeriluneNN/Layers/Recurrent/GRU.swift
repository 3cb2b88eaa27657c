public import PeriluneItems

/// Gated recurrent units (Cho et al. 2014, keras.layers.GRU).
///
/// See `RecurrentLayer` for inputs and outputs, and `GRURecurrence` for the arithmetic and the weights.
public final class GRU: RecurrenceLayer {
    public static let kind = "gru"

    public static let declaration = LayerDeclaration(
        layer: kind, GRU(1),
        positional: [.required("units", \.recurrence.units, .integer(atLeast: 1), "the extent of the output")],
        options: [
            .all(GRURecurrence.options, of: \.recurrence), .all(SequenceOptions.options, of: \.sequences),
        ],
        help: """
            Gated recurrent units. Input [n, steps, in], and initial states or none.
            Weights kernel [in, 3 units], recurrent_kernel [units, 3 units], bias [2, 3 units]; gates z, r, h.
            """
    ) {
        var recurrence = try $0[\.recurrence]
        recurrence.units = try $0[\.recurrence.units]
        return GRU(recurrence, try $0[\.sequences])
    }

    public let core: LayerCore
    public let recurrence: GRURecurrence
    public var sequences: SequenceOptions

    public init(_ recurrence: GRURecurrence, _ sequences: SequenceOptions = SequenceOptions(), name: String? = nil) {
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
            GRURecurrence(units),
            SequenceOptions(
                returnsSequences: returnsSequences, returnsState: returnsState, goesBackwards: goesBackwards),
            name: name)
    }
}
