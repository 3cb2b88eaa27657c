public import PeriluneItems

/// The schedules by name.
public enum ScheduleCatalogue: ItemCatalogue {
    public static let kind = "schedule"

    public static let declarations: [ScheduleDeclaration] = [
        ExponentialDecay.declaration, PiecewiseConstantDecay.declaration, PolynomialDecay.declaration,
        InverseTimeDecay.declaration, CosineDecay.declaration, CosineDecayRestarts.declaration,
    ]
}

/// What a schedule is called, which options it takes and how it is made.
public typealias ScheduleDeclaration = ItemDeclaration<any Schedule>

extension ItemOption {
    static func initialRate(_ path: any KeyPath<Item, Double> & Sendable) -> Self {
        .required("initial_learning_rate", path, .number(.atLeast(0)), "the first rate")
    }

    static func decaySteps(_ path: any KeyPath<Item, Int> & Sendable) -> Self {
        .required("decay_steps", path, .integer(atLeast: 1), "how many steps it takes")
    }
}
