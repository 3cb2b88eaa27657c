public import PeriluneItems

/// One step of `GRU` (keras.layers.GRUCell): see `GRURecurrence`.
///
/// Inputs: a row [n, inputs] and the states; outputs: the output and the states after.
public final class GRUCell: RecurrenceCell {
    public static let kind = "gru_cell"

    public static let declaration = LayerDeclaration(
        layer: kind, GRUCell(1),
        positional: [.required("units", \.recurrence.units, .integer(atLeast: 1), "the extent of the output")],
        options: [.all(GRURecurrence.options, of: \.recurrence)],
        help: "One step of gru, for lune.rnn: takes a row and the states, gives the output and the states."
    ) {
        var recurrence = try $0[\.recurrence]
        recurrence.units = try $0[\.recurrence.units]
        return GRUCell(recurrence)
    }

    public let core: LayerCore
    public let recurrence: GRURecurrence

    public init(_ recurrence: GRURecurrence, name: String? = nil) {
        core = LayerCore(name: name)
        self.recurrence = recurrence
    }

    /// - Parameter units: the extent of the output, 1 or more.
    public convenience init(_ units: Int, name: String? = nil) { self.init(GRURecurrence(units), name: name) }
}
