public import PeriluneItems

/// The optimizers by name.
public enum OptimizerCatalogue: ItemCatalogue {
    public static let kind = "optimizer"

    public static let declarations: [OptimizerDeclaration] = [
        SGD.declaration, Adam.declaration, AdamW.declaration, RMSprop.declaration, Adagrad.declaration,
    ]
}

/// What an optimizer is called, which options it takes and how it is made.
public typealias OptimizerDeclaration = ItemDeclaration<Optimizer>
