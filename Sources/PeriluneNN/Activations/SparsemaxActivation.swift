import PeriluneGraph
import PeriluneItems

/// The Euclidean projection onto the simplex (Martins and Astudillo 2016), so that rows sum to 1; those of Keras
/// 3.15 do not where more than one element is left. Compares all pairs along the axis: meant for modest extents.
struct SparsemaxActivation: DeclaredActivation {
    static let declaration = ActivationDeclaration(
        "sparsemax", SparsemaxActivation(), options: [.activationAxis(\.axis, "the axis")],
        help: "The point nearest to x whose elements along an axis are 0 or more and sum to 1.")

    var axis = -1

    var result: ActivationResult { .probabilities }

    func apply(_ x: SymbolicTensor) throws -> SymbolicTensor {
        try x.alongLastAxis(axis, Self.name, Self.projection)
    }

    private static func projection(_ x: SymbolicTensor) throws -> SymbolicTensor {
        // The support is the x_i with 1 + k_i x_i > sum of those x_j that are at least x_i, k_i of them.
        let rows = try x.expandingAxis(-1)
        let others = try x.expandingAxis(-2)
        let atLeast = try others.combined(.greaterOrEqual, rows)
        let sums = try (atLeast * others).sum([-1])
        let support = try (atLeast.sum([-1]) * x + 1).combined(.greater, sums)
        let threshold =
            try ((support * x).sum([-1], keepingAxes: true) - 1) / support.sum([-1], keepingAxes: true)
        return try (x - threshold).relu()
    }
}

extension Activation {
    /// The Euclidean projection onto the simplex along an axis, which counts from 0 with the batch, or from the
    /// end. Compares all pairs along it: meant for modest extents.
    public static func sparsemax(axis: Int = -1) -> Activation { Activation(SparsemaxActivation(axis: axis)) }
}
