internal import PeriluneItems
internal import PeriluneLuaRuntime
internal import PeriluneNN
internal import PeriluneTrain

/// Looks names up in their catalogues: `optimizer = "adm"`. A run does so where it makes what the name stands for.
enum CatalogueCheck {
    /// What finds a name of each kind; it throws an error that tells the nearest one.
    static let finders: [String: @Sendable (String) throws -> Void] = [
        "activation": { _ = try Activation.named($0) },
        "constraint": { _ = try ConstraintCatalogue.named($0) },
        "event": { _ = try Event(named: $0) },
        "initializer": { _ = try InitializerCatalogue.named($0) },
        "loss": { _ = try LossCatalogue.named($0) },
        "metric": { _ = try MetricCatalogue.named($0) },
        "optimizer": { _ = try OptimizerCatalogue.named($0) },
        "regularizer": { _ = try RegularizerCatalogue.named($0) },
    ]

    /// - Throws: `ArgumentFault` for a name that is in no catalogue of its kind.
    static func check(_ arguments: Arguments) throws {
        for parameter in arguments.binding.parameters where try arguments.isGiven(parameter.name) {
            guard let reason = reason(parameter.type, try arguments.value(parameter.name)) else {
                continue
            }
            throw arguments.fault(parameter.name, reason)
        }
    }

    /// Why a value that passed the checks is no name that there is; nil where nothing is wrong with it.
    private static func reason(_ type: ParameterType, _ value: LuaValue) -> String? {
        switch type {
        case .catalogue(let kind, let names):
            guard let name = value.string, !names.contains(name), let find = finders[kind] else { return nil }
            do {
                try find(name)
                return nil
            } catch {
                return "\(error)"
            }
        case .named(_, let type): return reason(type, value)
        case .union(let types):
            // A string that another of the types takes as it is.
            let others = types.contains { type in
                guard case .enumeration(let names) = type, let name = value.string else { return false }
                return names.contains(name)
            }
            return others ? nil : types.lazy.compactMap { reason($0, value) }.first
        case .list(let element, _):
            guard let elements = try? value.table?.array else { return nil }
            return elements.lazy.compactMap { reason(element, $0) }.first
        case .map(let element):
            guard let fields = try? value.table?.fields else { return nil }
            return fields.lazy.compactMap { reason(element, $0.value) }.first
        case .record(let fields):
            guard let table = value.table else { return nil }
            return fields.lazy.compactMap { reason($0.type, table[$0.name]) }.first
        case .any, .boolean, .whole, .real, .string, .enumeration, .function, .table, .shaped, .host, .tuple: return nil
        }
    }
}
