import PeriluneGraph
public import PeriluneItems

/// The product of the inputs, element by element (keras.layers.Multiply).
public final class Multiply: Merging {
    public override class var kind: String { "multiply" }

    public static let declaration = LayerDeclaration.merging(
        Multiply.self, help: "The product of its inputs, element by element.")

    public required init(name: String? = nil) { super.init(name: name) }

    override class func merge(_ inputs: [SymbolicTensor]) throws -> SymbolicTensor {
        try inputs.dropFirst().reduce(inputs[0]) { try $0 * $1 }
    }
}
