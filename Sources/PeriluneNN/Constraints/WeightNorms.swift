import PeriluneGraph
import PeriluneItems

enum NormEpsilon {
    /// Keras's epsilon, added to norms before a division.
    static let value: Float = 1e-7
}

extension SymbolicTensor {
    func norms(_ axes: [Int]) throws -> SymbolicTensor {
        try squared().sum(axes, keepingAxes: true).squareRoot()
    }
}

extension ItemOption {
    /// The axes of a constraint on norms.
    static func normAxes(_ path: any KeyPath<Item, [Int]> & Sendable) -> Self {
        .optional(
            "axis", path, .axes,
            "the axes along which a norm is taken, \(AxisNumbers.help); 1 is right for a dense kernel, "
                + "{1, 2, 3} for conv2d")
    }
}
