internal import PeriluneItems
internal import PeriluneLuaRuntime

extension Parameter.Default {
    /// The value that stands in; nil where there is only a text.
    var value: LuaValue {
        switch self {
        case .boolean(let value): .boolean(value)
        case .integer(let value): .integer(value)
        case .number(let value): .number(value)
        case .string(let value): .string(value)
        case .shown: .nil
        }
    }
}
