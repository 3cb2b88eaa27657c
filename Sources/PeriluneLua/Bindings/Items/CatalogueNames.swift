package import PeriluneBinding
internal import PeriluneItems
package import PeriluneLuaRuntime
internal import PeriluneNN
internal import PeriluneTrain

/// The catalogues that calls take names from. A test demands each that a parameter of the module takes its names from.
enum CatalogueNames {
    static let finders: NameFinders = [
        ActivationCatalogue.kind: { _ = try ActivationCatalogue.named($0) },
        ConstraintCatalogue.kind: { _ = try ConstraintCatalogue.named($0) },
        "event": { _ = try Event(named: $0) },
        InitializerCatalogue.kind: { _ = try InitializerCatalogue.named($0) },
        LossCatalogue.kind: { _ = try LossCatalogue.named($0) },
        MetricCatalogue.kind: { _ = try MetricCatalogue.named($0) },
        OptimizerCatalogue.kind: { _ = try OptimizerCatalogue.named($0) },
        RegularizerCatalogue.kind: { _ = try RegularizerCatalogue.named($0) },
    ]
}

extension PeriluneModule {
    /// What checks calls of the module's functions in scripts that are read and not run.
    /// - Throws: `LuaError` where there is no memory for it.
    package static func callCheck() throws(LuaError) -> CallCheck { try CallCheck(finding: CatalogueNames.finders) }
}
