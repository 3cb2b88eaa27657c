import PeriluneGraph
public import PeriluneItems

/// The smallest of the inputs, element by element (keras.layers.Minimum).
public final class Minimum: Merging {
    public override class var kind: String { "minimum" }

    public static let declaration = LayerDeclaration.merging(
        Minimum.self, help: "The smallest of its inputs, element by element.")

    public required init(name: String? = nil) { super.init(name: name) }

    override class func merge(_ inputs: [SymbolicTensor]) throws -> SymbolicTensor {
        try inputs.dropFirst().reduce(inputs[0]) { try $0.combined(.minimum, $1) }
    }
}
