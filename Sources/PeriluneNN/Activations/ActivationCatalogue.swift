public import PeriluneItems

/// The activations by name: all of `keras.activations`.
public enum ActivationCatalogue: ItemCatalogue {
    public static let kind = "activation"

    public static let declarations: [ActivationDeclaration] = [
        CELUActivation.declaration, ELUActivation.declaration, ExponentialActivation.declaration,
        GELUActivation.declaration, GLUActivation.declaration, HardShrinkActivation.declaration,
        HardSigmoidActivation.declaration, HardSiLUActivation.declaration, HardTanhActivation.declaration,
        LeakyReLUActivation.declaration, LinearActivation.declaration, LogSigmoidActivation.declaration,
        LogSoftmaxActivation.declaration, MishActivation.declaration, ReLUActivation.declaration,
        ReLU6Activation.declaration, SELUActivation.declaration, SigmoidActivation.declaration,
        SiLUActivation.declaration, SoftShrinkActivation.declaration, SoftmaxActivation.declaration,
        SoftplusActivation.declaration, SoftsignActivation.declaration, SparsePlusActivation.declaration,
        SparseSigmoidActivation.declaration, SparsemaxActivation.declaration, SquareplusActivation.declaration,
        TanhActivation.declaration, TanhShrinkActivation.declaration, ThresholdActivation.declaration,
    ]

    /// All names with their aliases, those of activations that need options included: a table that begins with the name
    /// gives them.
    public static let spellings = declarations.flatMap(\.allNames).sorted()
}

/// What an activation is called, which options it takes and how it is made.
public typealias ActivationDeclaration = ItemDeclaration<Activation>

extension ItemDeclaration where Product == Activation {
    init<Function: ActivationFunction>(
        _ name: String, aliases: [String] = [], _ start: @escaping @autoclosure @Sendable () -> Function,
        options: @escaping @autoclosure @Sendable () -> [ItemOption<Function>] = [], help: String
    ) {
        self.init(
            name, aliases: aliases, start(), of: { $0.function as? Function }, options: options(), help: help
        ) { Activation(try $0.filled()) }
    }
}
