import PeriluneGraph

/// The first of two inputs less the second, element by element (keras.layers.Subtract).
public final class Subtract: Merging {
    public override class var kind: String { "subtract" }
    override class var counts: ClosedRange<Int> { 2...2 }

    override func combine(_ a: SymbolicTensor, _ b: SymbolicTensor) throws -> SymbolicTensor { try a - b }
}
