public import PeriluneGraph
public import PeriluneItems

/// Cells one above the other as one cell: each takes what the one below gives (keras.layers.StackedRNNCells).
///
/// Inputs: a row [n, inputs] and the states of all cells in their order; outputs: that of the last cell and the states.
public final class StackedRNNCells: RecurrentCell {
    public static let kind = "stacked_rnn_cells"

    public static let declaration = LayerDeclaration(
        layer: kind, StackedRNNCells(),
        positional: [.required("cells", \.layers, .list(.layer), "the cells, the lowest first")],
        help: "Cells one above the other as one, for lune.rnn: lune.stacked_rnn_cells { lune.lstm_cell(8), … }."
    ) { try StackedRNNCells(layers: $0[\.layers]) }

    public let core: LayerCore
    /// The cells, the lowest first.
    public let cells: [any RecurrentCell]

    public init(_ cells: [any RecurrentCell], name: String? = nil) {
        core = LayerCore(name: name)
        self.cells = cells
        core.extent = LayerExtent(calling: cells)
    }

    private init() {
        core = LayerCore()
        cells = []
    }

    /// - Throws: `ModelError` where one of the layers is no cell.
    convenience init(layers: [any Layer]) throws { self.init(try layers.map(RNN.cell)) }

    fileprivate var layers: [any Layer] { cells }
    public var sublayers: [any Layer] { cells }
    public var stateExtents: [Int] { cells.flatMap(\.stateExtents) }

    public var outputState: Int {
        guard let last = cells.last else { return 0 }
        return stateExtents.count - last.stateExtents.count + last.outputState
    }

    public func validate() throws {
        try core.extent.check()
        guard !cells.isEmpty else { throw ModelError(.invalidArgument, "takes one cell or more") }
        for cell in cells { try cell.validate() }
    }

    public func makeStep(for row: TensorSpec, in context: LayerContext) throws -> RecurrentStep {
        var steps: [RecurrentStep] = []
        var row = row
        for cell in cells {
            steps.append(try cell.makeStep(for: row, in: context.entering(cell, [row])))
            row = TensorSpec([row.shape[0], cell.stateExtents[cell.outputState]])
        }
        let counts = cells.map { (states: $0.stateExtents.count, output: $0.outputState) }
        return RecurrentStep(constants: steps.flatMap(\.constants)) { row, states, constants in
            var (row, next): (SymbolicTensor, [SymbolicTensor]) = (row, [])
            var (states, constants) = (states[...], constants[...])
            for (step, count) in zip(steps, counts) {
                let after = try step.body(
                    row, Array(states.prefix(count.states)), Array(constants.prefix(step.constants.count)))
                next += after
                row = after[count.output]
                states = states.dropFirst(count.states)
                constants = constants.dropFirst(step.constants.count)
            }
            return next
        }
    }
}
