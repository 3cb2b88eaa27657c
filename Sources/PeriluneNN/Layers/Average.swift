import PeriluneGraph
public import PeriluneItems

/// The mean of the inputs, element by element (keras.layers.Average).
public final class Average: Merging {
    public override class var kind: String { "average" }

    public static let declaration = LayerDeclaration.merging(Average.self, help: "The mean of its inputs.")

    public required init(name: String? = nil) { super.init(name: name) }

    override class func merge(_ inputs: [SymbolicTensor]) throws -> SymbolicTensor {
        try inputs.dropFirst().reduce(inputs[0]) { try $0 + $1 } / Float(inputs.count)
    }
}
