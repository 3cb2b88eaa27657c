public import PeriluneGraph

/// A weight that a layer asks for when it is built.
public struct WeightDeclaration {
    /// What a weight is to training.
    public enum Role: String, Hashable, Sendable {
        /// Changed by the optimizer.
        case parameter
        /// Changed by the layer itself, as moving averages are.
        case state
    }

    /// The name within its layer, as Keras has it: `kernel`, `bias`, `gamma`, `moving_mean`.
    public let name: String
    public let shape: Shape
    public let initializer: any Initializer
    public let role: Role
    /// Adds to the loss.
    public let regularizer: (any Regularizer)?
    /// Applied to the new value after each optimizer step.
    public let constraint: (any Constraint)?

    public init(
        _ name: String, _ shape: Shape, initializer: any Initializer, role: Role = .parameter,
        regularizer: (any Regularizer)? = nil, constraint: (any Constraint)? = nil
    ) {
        self.name = name
        self.shape = shape
        self.initializer = initializer
        self.role = role
        self.regularizer = regularizer
        self.constraint = constraint
    }

    /// A parameter with the options that the user gave for it.
    public init(_ name: String, _ shape: Shape, _ options: WeightOptions) {
        self.init(
            name, shape, initializer: options.initializer, regularizer: options.regularizer,
            constraint: options.constraint)
    }
}

/// What a user may choose for one kind of weight: Keras's `kernel_initializer`, `kernel_regularizer` and
/// `kernel_constraint` (and the same for `bias`, `gamma`, …) in one value.
public struct WeightOptions {
    public var initializer: any Initializer
    public var regularizer: (any Regularizer)?
    public var constraint: (any Constraint)?

    public init(
        _ initializer: any Initializer, regularizer: (any Regularizer)? = nil, constraint: (any Constraint)? = nil
    ) {
        self.initializer = initializer
        self.regularizer = regularizer
        self.constraint = constraint
    }

    /// Keras's default of kernels: Glorot uniform.
    public static var kernel: WeightOptions { WeightOptions(GlorotUniform()) }
    /// Keras's default of biases and shifts: zeros.
    public static var zeros: WeightOptions { WeightOptions(Zeros()) }
    /// Keras's default of scales: ones.
    public static var ones: WeightOptions { WeightOptions(Ones()) }
}

/// A weight of a built layer. Its identity is the layer's: a layer shared by two models brings the same weight to both.
public final class Weight {
    public let declaration: WeightDeclaration

    public var name: String { declaration.name }
    public var spec: TensorSpec { TensorSpec(declaration.shape) }

    init(_ declaration: WeightDeclaration) { self.declaration = declaration }
}
