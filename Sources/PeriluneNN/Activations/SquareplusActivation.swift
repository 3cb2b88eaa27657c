import PeriluneGraph
import PeriluneItems

/// `(x + √(x² + b)) / 2` (Barron 2021).
struct SquareplusActivation: DeclaredActivation {
    static let declaration = ActivationDeclaration(
        "squareplus", SquareplusActivation(),
        options: [
            .optional("b", \.b, .number(.atLeast(0)), "how round the bend is")
        ],
        help: "(x + sqrt(x^2 + b)) / 2.")

    var b: Float = 4

    var result: ActivationResult { .numbers }

    func apply(_ x: SymbolicTensor) throws -> SymbolicTensor {
        try (x + (x.squared() + b).squareRoot()) * 0.5
    }
}

extension Activation {
    /// `(x + √(x² + b)) / 2`. `b` is finite, 0 or more.
    public static func squareplus(b: Float = 4) -> Activation { Activation(SquareplusActivation(b: b)) }
}
