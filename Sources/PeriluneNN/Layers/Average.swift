import PeriluneGraph

/// The mean of the inputs, element by element (keras.layers.Average).
public final class Average: Merging {
    public override class var kind: String { "average" }

    override func merge(_ inputs: [SymbolicTensor]) throws -> SymbolicTensor {
        try inputs.dropFirst().reduce(inputs[0]) { try $0 + $1 } / Float(inputs.count)
    }
}
