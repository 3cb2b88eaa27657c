extension ParameterType {
    /// The strings that the type takes by name: of an enumeration, of losses, of activations.
    var names: [String] {
        switch self {
        case .enumeration(let names), .catalogue(_, let names): return names
        case .union(let types): return types.flatMap(\.names)
        case .named(_, let type): return type.names
        case .any, .boolean, .whole, .real, .string, .function, .table, .shaped, .list, .map, .record, .host, .tuple:
            return []
        }
    }

    /// What a list of this type is made of.
    var element: ParameterType? {
        switch self {
        case .list(let element, _): return element
        case .union(let types): return types.lazy.compactMap(\.element).first
        case .named("callbacks", _): return .callback
        case .named(_, let type): return type.element
        default: return nil
        }
    }

    /// The fields that a table of this type has.
    var fields: [Parameter] {
        switch self {
        case .record(let fields): return fields
        case .union(let types): return types.lazy.map(\.fields).first { !$0.isEmpty } ?? []
        case .named(_, let type): return type.fields
        default: return []
        }
    }
}
