public import PeriluneGraph
public import PeriluneItems

/// A recurrent layer whose step is a cell, or several one above the other (keras.layers.RNN).
///
/// See `RecurrentLayer` for inputs and outputs.
public final class RNN: RecurrentLayer {
    public static let kind = "rnn"

    public static let declaration = LayerDeclaration(
        layer: kind, RNN(SimpleRNNCell(1)),
        positional: [
            .required(
                "cell", \.layers, .oneOrList(.layer, count: 1 ... .max),
                "a cell, or a list of cells, the lowest first")
        ],
        options: [.all(SequenceOptions.options, of: \.sequences)],
        help: """
            A recurrent layer of a cell, or of several one above the other.
            lune.rnn({ lune.lstm_cell(64), lune.gru_cell(32) }, { return_sequences = true })
            """
    ) {
        let cells = try $0[\.layers].map(cell)
        return RNN(cells.count == 1 ? cells[0] : StackedRNNCells(cells), try $0[\.sequences])
    }

    public let core: LayerCore
    public let cell: any RecurrentCell
    public var sequences: SequenceOptions

    public init(_ cell: any RecurrentCell, _ sequences: SequenceOptions = SequenceOptions(), name: String? = nil) {
        core = LayerCore(name: name)
        self.cell = cell
        self.sequences = sequences
        core.extent = LayerExtent(calling: [cell])
    }

    fileprivate var layers: [any Layer] { [cell] }
    public var sublayers: [any Layer] { [cell] }
    public var stateExtents: [Int] { cell.stateExtents }
    public var outputState: Int { cell.outputState }

    public func validate() throws {
        try core.extent.check()
        try cell.validate()
    }

    public func declareWeights(row: TensorSpec) throws -> [WeightDeclaration] { [] }

    public func makeStep(for row: TensorSpec, in context: LayerContext) throws -> RecurrentStep {
        try cell.makeStep(for: row, in: context.entering(cell, [row]))
    }

    /// A layer as a cell.
    /// - Throws: `ModelError` where it is none.
    static func cell(_ layer: any Layer) throws -> any RecurrentCell {
        guard let cell = layer.asRecurrentCell else {
            throw ModelError(
                .invalidArgument,
                "takes cells such as lune.lstm_cell(8), got a layer of the kind \(type(of: layer).kind)")
        }
        return cell
    }
}
