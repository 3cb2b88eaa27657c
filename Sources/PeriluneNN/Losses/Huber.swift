public import PeriluneGraph
public import PeriluneItems

/// Squared for errors up to `delta`, linear beyond (Huber 1964, keras.losses.Huber): the mean of `e² / 2` or
/// `delta · |e| - delta² / 2`.
public struct Huber: Loss, Hashable, Sendable {
    public static let declaration = LossDeclaration(
        "huber", Huber(),
        positional: [
            .optional("delta", \.delta, .number(.above(0)), "where squared turns into linear")
        ],
        help: "Squared for small errors, linear for large ones."
    ) { try Huber(delta: $0[\.delta]) }

    public var name: String { Self.declaration.name }
    public let delta: Float

    /// - Parameter delta: above 0.
    public init(delta: Float = 1) { self.delta = delta }

    public func validate() throws { try Argument.finitePositive("delta of loss 'huber'", delta) }

    public func perSample(_ yTrue: SymbolicTensor, _ yPred: Prediction) throws -> SymbolicTensor {
        let (y, p) = try LabelShapes.matched(yTrue, yPred.tensor, name)
        let error = try (y - p).absolute()
        // With m = min(e, delta) both branches are m · (e - m / 2), whose gradient needs no selection.
        let near = try error.minimum(delta)
        return try LabelShapes.perSample(near * (error - near * 0.5))
    }
}
