import Perilune
import PeriluneBinding
import PeriluneItems

/// What is known of an expression without running it.
enum StaticValue {
    case unknown
    /// A string that stands there as it is.
    case text(String)
    /// Another value that does: a number, true, false, nil, a function.
    case literal(Literal)
    /// `require`, which turns a string into a module.
    case require
    /// The module `perilune` or a part of it.
    case module(ModuleBinding, path: String)
    /// A function of a module or a method, and the name to call it by in messages.
    case function(Binding)
    /// An object of a class.
    case object(ClassBinding)
    case table(StaticTable)
}

/// A table as it is written.
struct StaticTable {
    var fields: [(name: String, line: Int)] = []
    /// The entries with what is known of their values.
    var entries: [Literal.Entry] = []
}

extension StaticValue {
    /// What a check of a call can know of it.
    var literal: Literal {
        switch self {
        case .text(let text): .text(text)
        case .literal(let literal): literal
        case .table(let table): .table(table.entries)
        case .unknown, .require, .module, .function, .object: .unknown
        }
    }
}

extension StaticValue {
    /// Where a table has the field that `option` begins with: `kernel_size` of `kernel_size[1]`.
    func line(of option: String) -> Int? {
        guard case .table(let table) = self else { return nil }
        let name = option.prefix { $0 != "." && $0 != "[" }
        return table.fields.first { $0.name == name }?.line
    }
}

extension ModuleBinding {
    /// The class that values of this type belong to, where it names one.
    func classBinding(of type: ParameterType?) -> ClassBinding? {
        guard let type else { return nil }
        return (classes + modules.flatMap(\.classes)).first { $0.name == type.text }
    }
}
