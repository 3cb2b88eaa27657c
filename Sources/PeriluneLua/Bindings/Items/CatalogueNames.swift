package import PeriluneBinding
internal import PeriluneItems
package import PeriluneLuaRuntime
internal import PeriluneNN
internal import PeriluneTrain

/// The catalogues that calls take names from.
enum CatalogueNames {
    static let finders: NameFinders = [
        "activation": { _ = try ActivationCatalogue.named($0) },
        "constraint": { _ = try ConstraintCatalogue.named($0) },
        "event": { _ = try Event(named: $0) },
        "initializer": { _ = try InitializerCatalogue.named($0) },
        "loss": { _ = try LossCatalogue.named($0) },
        "metric": { _ = try MetricCatalogue.named($0) },
        "optimizer": { _ = try OptimizerCatalogue.named($0) },
        "regularizer": { _ = try RegularizerCatalogue.named($0) },
    ]
}

extension PeriluneModule {
    /// What checks calls of the module's functions in scripts that are read and not run.
    /// - Throws: `LuaError` where there is no memory for it.
    package static func callCheck() throws(LuaError) -> CallCheck { try CallCheck(finding: CatalogueNames.finders) }
}
