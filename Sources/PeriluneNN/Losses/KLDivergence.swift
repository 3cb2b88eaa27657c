public import PeriluneGraph
public import PeriluneItems

/// The divergence `Σ y_true · log(y_true / y_pred)` over the last axis, with both kept in 1e-7...1
/// (Kullback and Leibler 1951, keras.losses.KLDivergence).
public struct KLDivergence: Loss, Hashable, Sendable {
    public static let declaration = LossDeclaration(
        "kl_divergence", aliases: ["kld", "kullback_leibler_divergence"], KLDivergence(),
        help: "How far one distribution is from another (also 'kld').")

    public var name: String { Self.declaration.name }

    public init() {}

    public var truthRange: ClosedRange<Float>? { 0...1 }

    public func perSample(_ yTrue: SymbolicTensor, _ yPred: Prediction) throws -> SymbolicTensor {
        let (y, p) = try LabelShapes.matched(yTrue, yPred.tensor, name)
        let (truth, prediction) = try (y.clipped(LabelShapes.epsilon, 1), p.clipped(LabelShapes.epsilon, 1))
        return try LabelShapes.perSample((truth * (truth / prediction).log()).sum([-1]))
    }
}
