public import PeriluneGraph
public import PeriluneItems

/// Divides by the root mean square of the last axis (Zhang and Sennrich 2019, keras.layers.RMSNormalization).
///
/// Input and output [n, …, features]; weight `scale` [features].
public final class RMSNormalization: SingleInputLayer {
    public static let kind = "rms_normalization"

    public static let declaration = LayerDeclaration(
        layer: kind, RMSNormalization(),
        options: [.epsilon(\.epsilon)],
        help: "Divides each sample by its root mean square."
    ) { try RMSNormalization(epsilon: $0[\.epsilon]) }

    public let core: LayerCore
    public let epsilon: Float

    /// - Parameter epsilon: added to the mean square, above 0.
    public init(epsilon: Float = 1e-6, name: String? = nil) {
        core = LayerCore(name: name)
        self.epsilon = epsilon
    }

    public var inputRanks: ClosedRange<Int> { 2...Int.max }
    public func validate() throws { try Argument.finitePositive("epsilon", epsilon) }

    public func declareWeights(for input: TensorSpec) -> [WeightDeclaration] {
        [WeightDeclaration("scale", [input.shape[-1]], .ones)]
    }

    public func call(_ x: SymbolicTensor, in context: LayerContext) throws -> SymbolicTensor {
        let meanSquare = try x.squared().mean([-1], keepingAxes: true)
        return try x * (meanSquare + epsilon).applying(.reciprocalSquareRoot) * context["scale"]
    }
}
