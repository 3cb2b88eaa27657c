/// The constraints by name.
public enum ConstraintCatalogue {
    public static let names = ["max_norm", "min_max_norm", "non_neg", "unit_norm"]

    /// The constraint of this name with Keras's defaults.
    /// - Throws: `ModelError.unknownName` with the nearest name.
    public static func named(_ name: String) throws -> any Constraint {
        switch CatalogueName.normalized(name) {
        case "max_norm": MaxNorm()
        case "min_max_norm": MinMaxNorm()
        case "non_neg", "nonneg": NonNeg()
        case "unit_norm": UnitNorm()
        default: throw ModelError.unknown("constraint", name, among: names)
        }
    }
}
