public import PeriluneItems

/// One step of `SimpleRNN` (keras.layers.SimpleRNNCell): see `SimpleRecurrence`.
///
/// Inputs: a row [n, inputs] and the states; outputs: the output and the states after.
public final class SimpleRNNCell: RecurrenceCell {
    public static let kind = "simple_rnn_cell"

    public static let declaration = LayerDeclaration(
        layer: kind, SimpleRNNCell(1),
        positional: [.required("units", \.recurrence.units, .integer(atLeast: 1), "the extent of the output")],
        options: [.all(SimpleRecurrence.options, of: \.recurrence)],
        help: "One step of simple_rnn, for lune.rnn: takes a row and the states, gives the output and the states."
    ) {
        var recurrence = try $0[\.recurrence]
        recurrence.units = try $0[\.recurrence.units]
        return SimpleRNNCell(recurrence)
    }

    public let core: LayerCore
    public let recurrence: SimpleRecurrence

    public init(_ recurrence: SimpleRecurrence, name: String? = nil) {
        core = LayerCore(name: name)
        self.recurrence = recurrence
    }

    /// - Parameter units: the extent of the output, 1 or more.
    public convenience init(_ units: Int, name: String? = nil) { self.init(SimpleRecurrence(units), name: name) }
}
