import PeriluneGraph
public import PeriluneItems

/// The largest of the inputs, element by element (keras.layers.Maximum).
public final class Maximum: Merging {
    public override class var kind: String { "maximum" }

    public static let declaration = LayerDeclaration.merging(
        Maximum.self, help: "The largest of its inputs, element by element.")

    public required init(name: String? = nil) { super.init(name: name) }

    override class func merge(_ inputs: [SymbolicTensor]) throws -> SymbolicTensor {
        try inputs.dropFirst().reduce(inputs[0]) { try $0.combined(.maximum, $1) }
    }
}
