import PeriluneGraph
import PeriluneItems

/// `x` where positive, `alpha · (exp(x / alpha) - 1)` elsewhere (Barron 2017).
struct CELUActivation: DeclaredActivation {
    static let declaration = ActivationDeclaration(
        "celu", CELUActivation(),
        options: [
            .optional("alpha", \.alpha, .numberButZero, "the scale below 0, any number but 0")
        ],
        help: "x above 0, alpha * (exp(x / alpha) - 1) below.")

    var alpha: Float = 1

    var result: ActivationResult { .numbers }

    func apply(_ x: SymbolicTensor) throws -> SymbolicTensor {
        try x.relu() + (x.minimum(0) / alpha).applying(.expMinusOne) * alpha
    }
}

extension OptionForm where Value == Float {
    /// A finite number other than 0.
    fileprivate static var numberButZero: Self {
        let number = OptionForm<Float>.number()
        return Self(number.type, write: number.write) { input in
            guard let value = try number.read(input), value != 0 else {
                throw OptionFault("finite number other than 0 expected")
            }
            return value
        }
    }
}

extension Activation {
    /// `x` above 0, `alpha · (exp(x / alpha) - 1)` below. `alpha` is finite and not 0.
    public static func celu(alpha: Float = 1) -> Activation { Activation(CELUActivation(alpha: alpha)) }
}
