import PeriluneGraph

/// The smallest of the inputs, element by element (keras.layers.Minimum).
public final class Minimum: Merging {
    public override class var kind: String { "minimum" }

    override func combine(_ a: SymbolicTensor, _ b: SymbolicTensor) throws -> SymbolicTensor {
        try a.combined(.minimum, b)
    }
}
