import PeriluneGraph
import PeriluneItems

/// The integral of `sparse_sigmoid`: 0 up to -1, `(x + 1)² / 4` up to 1, and `x` from there on.
struct SparsePlusActivation: DeclaredActivation {
    static let declaration = ActivationDeclaration(
        "sparse_plus", SparsePlusActivation(), help: "0 up to -1, (x + 1)^2 / 4 up to 1, x above.")

    var result: ActivationResult { .numbers }

    func apply(_ x: SymbolicTensor) throws -> SymbolicTensor {
        let middle = try (x.clipped(-1, 1) + 1).squared() * 0.25
        return try middle + (x - 1).relu()
    }
}

extension Activation {
    /// 0 up to -1, `(x + 1)² / 4` up to 1, and `x` from there on.
    public static var sparsePlus: Activation { Activation(SparsePlusActivation()) }
}
