internal import PeriluneBinding
internal import PeriluneItems
internal import PeriluneNN

/// The classes of objects that hold items.
enum ItemClasses {
    static let bindings: [ClassBinding] = [
        .box(LossCatalogue.kind, LuaBox<any Loss>.self, help: "How far predictions are from the truth."),
        .box(MetricCatalogue.kind, LuaBox<any Metric>.self, help: "A number that tells how good predictions are."),
        .box(InitializerCatalogue.kind, LuaBox<any Initializer>.self, help: "How a weight begins."),
        .box(RegularizerCatalogue.kind, LuaBox<any Regularizer>.self, help: "A penalty that is added to the loss."),
        .box(
            ConstraintCatalogue.kind, LuaBox<any Constraint>.self,
            help: "What a weight is brought back to after a step."
        ),
    ]

    /// The constructors of metrics: their objects are called by the key in logs.
    static let metrics: [Binding] = MetricCatalogue.declarations.map { declaration in
        .item(declaration, kind: MetricCatalogue.kind) { metric, _ in LuaBox(metric, metric.name) }
    }
}
