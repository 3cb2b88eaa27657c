import PeriluneGraph

/// The largest of the inputs, element by element (keras.layers.Maximum).
public final class Maximum: Merging {
    public override class var kind: String { "maximum" }

    override func combine(_ a: SymbolicTensor, _ b: SymbolicTensor) throws -> SymbolicTensor {
        try a.combined(.maximum, b)
    }
}
