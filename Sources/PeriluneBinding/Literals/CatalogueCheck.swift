internal import PeriluneItems
internal import PeriluneLuaRuntime

/// What finds a name of each kind of catalogue: `["loss": …]`. It throws an error that tells the nearest name.
package typealias NameFinders = [String: @Sendable (String) throws -> Void]

/// Looks names up in their catalogues: `optimizer = "adm"`. A run does so where it makes what the name stands for.
struct CatalogueCheck {
    let finders: NameFinders

    /// - Throws: `ArgumentFault` for a name that is in no catalogue of its kind.
    func check(_ arguments: Arguments) throws {
        for parameter in arguments.binding.parameters where try arguments.isGiven(parameter.name) {
            guard let reason = reason(parameter.type, try arguments.value(parameter.name)) else {
                continue
            }
            throw arguments.fault(parameter.name, reason)
        }
    }

    /// Why a value that passed the checks is no name that there is; nil where nothing is wrong with it.
    private func reason(_ type: ParameterType, _ value: LuaValue) -> String? {
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
