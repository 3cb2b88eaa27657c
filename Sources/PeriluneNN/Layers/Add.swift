import PeriluneGraph

/// The sum of the inputs, element by element (keras.layers.Add).
public final class Add: Merging {
    public override class var kind: String { "add" }

    override func combine(_ a: SymbolicTensor, _ b: SymbolicTensor) throws -> SymbolicTensor { try a + b }
}
