internal import PeriluneItems

extension ParameterType {
    /// The strings that the type takes by name: of an enumeration, of losses, of activations.
    var names: [String] {
        switch self {
        case .enumeration(let names), .catalogue(_, let names): names
        case .union(let types): types.flatMap(\.names)
        case .named(_, let type): type.names
        case .any, .boolean, .whole, .real, .string, .function, .table, .shaped, .list, .map, .record, .host, .tuple: []
        }
    }

    /// What a list of this type is made of.
    var element: ParameterType? {
        switch self {
        case .list(let element, _): element
        case .union(let types): types.lazy.compactMap(\.element).first
        case .named(_, let type): type.element
        case .any, .boolean, .whole, .real, .string, .enumeration, .catalogue, .function, .table, .shaped, .map,
            .record, .host, .tuple:
            nil
        }
    }

    /// The fields that a table of this type has.
    var fields: [Parameter] {
        switch self {
        case .record(let fields): fields
        case .union(let types): types.lazy.map(\.fields).first { !$0.isEmpty } ?? []
        case .named(_, let type): type.fields
        case .any, .boolean, .whole, .real, .string, .enumeration, .catalogue, .function, .table, .shaped, .list, .map,
            .host, .tuple:
            []
        }
    }

    /// Whether a table of this type holds the functions of a callback.
    var isCallback: Bool {
        switch self {
        case .shaped(let name): name == "callback_table"
        case .union(let types): types.contains { $0.isCallback }
        case .named(_, let type): type.isCallback
        case .any, .boolean, .whole, .real, .string, .enumeration, .catalogue, .function, .table, .list, .map, .record,
            .host, .tuple:
            false
        }
    }
}
