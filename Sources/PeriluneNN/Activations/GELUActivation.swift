import PeriluneGraph
import PeriluneItems

/// `x · Φ(x)` with the normal distribution's `Φ` (Hendrycks and Gimpel 2016); the approximation by tanh is of the
/// same paper.
struct GELUActivation: DeclaredActivation {
    static let declaration = ActivationDeclaration(
        "gelu", GELUActivation(),
        options: [
            .optional("approximate", \.approximate, .booleanOrDigit, "whether to take tanh in place of erf")
        ],
        help: "x times the share of a normal distribution below x.")

    var approximate = false

    var result: ActivationResult { .numbers }

    func apply(_ x: SymbolicTensor) throws -> SymbolicTensor {
        guard approximate else { return try x * 0.5 * ((x * 0.707_106_781_186_547_5).applying(.erf) + 1) }
        let inner = try (x + x * x.squared() * 0.044_715) * 0.797_884_560_802_865_4
        return try x * 0.5 * (inner.tanh() + 1)
    }
}

extension OptionForm where Value == Bool {
    /// A boolean, or 0 or 1 for it.
    fileprivate static var booleanOrDigit: Self {
        let boolean = OptionForm<Bool>.boolean
        return Self(.either(.boolean, .integer(in: 0...1)), write: boolean.write) { input in
            if let digit = input.integer { return (0...1).contains(digit) ? digit == 1 : nil }
            return try boolean.read(input)
        }
    }
}

extension Activation {
    /// `x · Φ(x)`; `approximate` uses tanh instead of erf.
    public static func gelu(approximate: Bool = false) -> Activation {
        Activation(GELUActivation(approximate: approximate))
    }

    /// With default parameters.
    public static var gelu: Activation { .gelu() }
}
