public import PeriluneGraph

/// A function between layers, as layers and programs hold it: one of `keras.activations`, with Keras's default
/// parameters, or one of a program's own. `ActivationCatalogue` has the names.
///
/// The functions stand in a file each, with the spelling in Swift: `.relu`, `.elu(alpha: 0.5)`.
public struct Activation: Sendable {
    /// What it does.
    public let function: any ActivationFunction

    public init(_ function: some ActivationFunction) { self.function = function }

    /// Keras's name in snake_case.
    public var name: String { type(of: function).name }

    /// What the results are to a loss.
    public var result: ActivationResult { function.result }

    /// - Throws: `ModelError.invalidArgument` where a parameter is out of range.
    public func validate() throws { try function.validate() }

    /// Emits the function.
    /// - Throws: `ModelError` where the shape is not one that it takes.
    public func apply(_ x: SymbolicTensor) throws -> SymbolicTensor { try function.apply(x) }
}

extension Activation: Hashable {
    public static func == (a: Activation, b: Activation) -> Bool { a.function.hashable == b.function.hashable }

    public func hash(into hasher: inout Hasher) { hasher.combine(function.hashable) }
}

extension ActivationFunction {
    /// The function with its type, to compare it with those of any type.
    fileprivate var hashable: AnyHashable { AnyHashable(self) }
}
