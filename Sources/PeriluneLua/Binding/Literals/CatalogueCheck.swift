internal import PeriluneItems
internal import PeriluneNN
internal import PeriluneTrain

/// Looks names up in their catalogues: `optimizer = "adm"`. A run does so where it makes what the name stands for.
enum CatalogueCheck {
    /// What finds a name of each kind; it throws an error that tells the nearest one.
    static let finders: [String: @Sendable (String, LuaState) throws -> Void] = [
        "activation": { name, _ in _ = try Activation.named(name) },
        "constraint": { name, _ in _ = try ConstraintCatalogue.named(name) },
        "event": { name, _ in _ = try Event(named: name) },
        "initializer": { name, _ in _ = try InitializerCatalogue.named(name) },
        "loss": { name, _ in _ = try LossCatalogue.named(name) },
        "metric": { name, _ in _ = try MetricCatalogue.named(name) },
        "optimizer": { name, state in _ = try OptimizerBindings.named(name, in: state) },
        "regularizer": { name, _ in _ = try RegularizerCatalogue.named(name) },
    ]

    /// - Throws: `ArgumentFault` for a name that is in no catalogue of its kind.
    static func check(_ arguments: Arguments) throws {
        for parameter in arguments.binding.parameters where try arguments.isGiven(parameter.name) {
            guard let reason = reason(parameter.type, try arguments.value(parameter.name), arguments.state) else {
                continue
            }
            throw arguments.fault(parameter.name, reason)
        }
    }

    /// Why a value that passed the checks is no name that there is; nil where nothing is wrong with it.
    private static func reason(_ type: ParameterType, _ value: LuaValue, _ state: LuaState) -> String? {
        switch type {
        case .catalogue(let kind, let names):
            guard let name = value.string, !names.contains(name), let find = finders[kind] else { return nil }
            do {
                try find(name, state)
                return nil
            } catch {
                return "\(error)"
            }
        case .named(_, let type): return reason(type, value, state)
        case .union(let types):
            // A string that another of the types takes as it is.
            let others = types.contains { type in
                guard case .enumeration(let names) = type, let name = value.string else { return false }
                return names.contains(name)
            }
            return others ? nil : types.lazy.compactMap { reason($0, value, state) }.first
        case .list(let element, _):
            guard let elements = try? value.table?.array else { return nil }
            return elements.lazy.compactMap { reason(element, $0, state) }.first
        case .map(let element):
            guard let fields = try? value.table?.fields else { return nil }
            return fields.lazy.compactMap { reason(element, $0.value, state) }.first
        case .record(let fields):
            guard let table = value.table else { return nil }
            return fields.lazy.compactMap { reason($0.type, table[$0.name], state) }.first
        case .any, .boolean, .whole, .real, .string, .enumeration, .function, .table, .shaped, .host, .tuple: return nil
        }
    }
}
