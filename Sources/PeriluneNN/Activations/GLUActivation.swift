import PeriluneGraph
import PeriluneItems

/// The first half of an axis times the sigmoid of its second half (Dauphin et al. 2016). Halves the axis, whose
/// extent must be even.
struct GLUActivation: DeclaredActivation {
    static let declaration = ActivationDeclaration(
        "glu", GLUActivation(), options: [.activationAxis(\.axis, "the axis that is halved")],
        help: "The first half of an axis times the sigmoid of its second half.")

    var axis = -1

    var result: ActivationResult { .numbers }

    func apply(_ x: SymbolicTensor) throws -> SymbolicTensor {
        guard let axis = x.shape.normalized(axis: axis), x.shape[axis] % 2 == 0 else {
            throw ModelError(
                .shapeMismatch, "activation 'glu' takes an axis of an even extent, got axis \(axis) of shape \(x.shape)"
            )
        }
        let half = x.shape.replacing(axis: axis, with: x.shape[axis] / 2)
        var starts = [Int](repeating: 0, count: x.rank)
        let first = try x.sliced(starts: starts, extents: half.dimensions)
        starts[axis] = half[axis]
        return try first * x.sliced(starts: starts, extents: half.dimensions).sigmoid()
    }
}

extension Activation {
    /// The first half of an axis times the sigmoid of its second half. Halves the axis, which counts from 0 with
    /// the batch, or from the end.
    public static func glu(axis: Int = -1) -> Activation { Activation(GLUActivation(axis: axis)) }
}
