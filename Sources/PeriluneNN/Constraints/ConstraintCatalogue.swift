public import PeriluneItems

/// The constraints by name.
public enum ConstraintCatalogue: ItemCatalogue {
    public static let kind = "constraint"

    public static let declarations: [ConstraintDeclaration] = [
        MaxNorm.declaration, MinMaxNorm.declaration, NonNeg.declaration, UnitNorm.declaration,
    ]
}

/// What a constraint is called, which options it takes and how it is made.
public typealias ConstraintDeclaration = ItemDeclaration<any Constraint>
