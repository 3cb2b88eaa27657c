public import PeriluneItems

/// The regularizers by name.
public enum RegularizerCatalogue: ItemCatalogue {
    public static let kind = "regularizer"

    public static let declarations: [RegularizerDeclaration] = [
        L1.declaration, L2.declaration, L1L2.declaration, OrthogonalRegularizer.declaration,
    ]
}

/// What a regularizer is called, which options it takes and how it is made.
public typealias RegularizerDeclaration = ItemDeclaration<any Regularizer>

extension Regularizer where Self == L1 {
    public static func l1(_ factor: Float = 0.01) -> L1 { L1(factor) }
}
extension Regularizer where Self == L2 {
    public static func l2(_ factor: Float = 0.01) -> L2 { L2(factor) }
}
