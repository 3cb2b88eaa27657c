import PeriluneGraph
import PeriluneItems

/// `(x + 1) / 2`, kept to 0...1: the `sparsemax` of `x` and 0 (Martins and Astudillo 2016).
struct SparseSigmoidActivation: DeclaredActivation {
    static let declaration = ActivationDeclaration(
        "sparse_sigmoid", SparseSigmoidActivation(), help: "(x + 1) / 2, kept to 0 to 1.")

    var result: ActivationResult { .probabilities }

    func apply(_ x: SymbolicTensor) throws -> SymbolicTensor {
        try ((x + 1) * 0.5).clipped(0, 1)
    }
}

extension Activation {
    /// `(x + 1) / 2`, kept to 0...1.
    public static var sparseSigmoid: Activation { Activation(SparseSigmoidActivation()) }
}
