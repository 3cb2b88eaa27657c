public import PeriluneItems

/// One step of `LSTM` (keras.layers.LSTMCell): see `LSTMRecurrence`.
///
/// Inputs: a row [n, inputs] and the states; outputs: the output and the states after.
public final class LSTMCell: RecurrenceCell {
    public static let kind = "lstm_cell"

    public static let declaration = LayerDeclaration(
        layer: kind, LSTMCell(1),
        positional: [.required("units", \.recurrence.units, .integer(atLeast: 1), "the extent of the output")],
        options: [.all(LSTMRecurrence.options, of: \.recurrence)],
        help: "One step of lstm, for lune.rnn: takes a row and the states, gives the output and the states."
    ) {
        var recurrence = try $0[\.recurrence]
        recurrence.units = try $0[\.recurrence.units]
        return LSTMCell(recurrence)
    }

    public let core: LayerCore
    public let recurrence: LSTMRecurrence

    public init(_ recurrence: LSTMRecurrence, name: String? = nil) {
        core = LayerCore(name: name)
        self.recurrence = recurrence
    }

    /// - Parameter units: the extent of the output, 1 or more.
    public convenience init(_ units: Int, name: String? = nil) { self.init(LSTMRecurrence(units), name: name) }
}
