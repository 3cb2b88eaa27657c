public import PeriluneItems

/// The losses by name.
public enum LossCatalogue: ItemCatalogue {
    public static let kind = "loss"

    public static let declarations: [LossDeclaration] = [
        BinaryCrossentropy.declaration, CategoricalCrossentropy.declaration, SparseCategoricalCrossentropy.declaration,
        MeanSquaredError.declaration, MeanAbsoluteError.declaration, MeanAbsolutePercentageError.declaration,
        MeanSquaredLogarithmicError.declaration, Huber.declaration, LogCosh.declaration, KLDivergence.declaration,
        Poisson.declaration, CosineSimilarity.declaration, Hinge.declaration, SquaredHinge.declaration,
        CategoricalHinge.declaration,
    ]
}

/// What a loss is called, which options it takes and how it is made.
public typealias LossDeclaration = ItemDeclaration<any Loss>

extension ItemDeclaration where Product == any Loss {
    /// A loss without options.
    init<Item: Loss & SendableMetatype>(
        _ name: String, aliases: [String] = [], _ loss: @escaping @autoclosure @Sendable () -> Item, help: String
    ) {
        self.init(name, aliases: aliases, loss(), help: help) { _ in loss() }
    }
}

extension Loss where Self == MeanSquaredError { public static var meanSquaredError: Self { MeanSquaredError() } }
extension Loss where Self == MeanAbsoluteError { public static var meanAbsoluteError: Self { MeanAbsoluteError() } }
extension Loss where Self == Huber {
    public static func huber(delta: Float = 1) -> Self { Huber(delta: delta) }
}
extension Loss where Self == BinaryCrossentropy {
    public static var binaryCrossentropy: Self { BinaryCrossentropy() }
}
extension Loss where Self == CategoricalCrossentropy {
    public static var categoricalCrossentropy: Self { CategoricalCrossentropy() }
}
extension Loss where Self == SparseCategoricalCrossentropy {
    public static var sparseCategoricalCrossentropy: Self { SparseCategoricalCrossentropy() }
}
