import PeriluneGraph
public import PeriluneItems

/// The sum of the inputs, element by element (keras.layers.Add).
public final class Add: Merging {
    public override class var kind: String { "add" }

    public static let declaration = LayerDeclaration.merging(Add.self, help: "The sum of its inputs.")

    public required init(name: String? = nil) { super.init(name: name) }

    override class func merge(_ inputs: [SymbolicTensor]) throws -> SymbolicTensor {
        try inputs.dropFirst().reduce(inputs[0]) { try $0 + $1 }
    }
}
