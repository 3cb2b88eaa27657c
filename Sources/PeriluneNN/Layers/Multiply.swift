import PeriluneGraph

/// The product of the inputs, element by element (keras.layers.Multiply).
public final class Multiply: Merging {
    public override class var kind: String { "multiply" }

    override func combine(_ a: SymbolicTensor, _ b: SymbolicTensor) throws -> SymbolicTensor { try a * b }
}
