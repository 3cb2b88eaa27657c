import PeriluneGraph
public import PeriluneItems

/// The first of two inputs less the second, element by element (keras.layers.Subtract).
public final class Subtract: Merging {
    public override class var kind: String { "subtract" }

    public static let declaration = LayerDeclaration.merging(Subtract.self, help: "The first input less the second.")
    override class var counts: ClosedRange<Int> { 2...2 }

    public required init(name: String? = nil) { super.init(name: name) }

    override class func merge(_ inputs: [SymbolicTensor]) throws -> SymbolicTensor {
        try inputs.dropFirst().reduce(inputs[0]) { try $0 - $1 }
    }
}
