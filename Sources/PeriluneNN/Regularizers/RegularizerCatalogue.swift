/// The regularizers by name.
public enum RegularizerCatalogue {
    public static let names = ["l1", "l2", "l1_l2", "orthogonal"]

    /// The regularizer of this name with factors of 0.01.
    /// - Throws: `ModelError.unknownName` with the nearest name.
    public static func named(_ name: String) throws -> any Regularizer {
        switch CatalogueName.normalized(name) {
        case "l1": L1()
        case "l2": L2()
        case "l1_l2", "l1l2": L1L2()
        case "orthogonal", "orthogonal_regularizer": OrthogonalRegularizer()
        default: throw ModelError.unknown("regularizer", name, among: names)
        }
    }
}

extension Regularizer where Self == L1 {
    public static func l1(_ factor: Float = 0.01) -> L1 { L1(factor) }
}
extension Regularizer where Self == L2 {
    public static func l2(_ factor: Float = 0.01) -> L2 { L2(factor) }
}
