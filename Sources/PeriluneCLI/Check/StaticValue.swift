import Perilune

/// What is known of an expression without running it.
enum StaticValue {
    case unknown
    /// A string that stands there as it is.
    case text(String)
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

/// A table as it is written: its named fields.
struct StaticTable {
    var fields: [(name: String, line: Int)] = []
}

extension ModuleBinding {
    /// The class that values of this type belong to, where it names one.
    func classBinding(of type: ParameterType?) -> ClassBinding? {
        guard let type else { return nil }
        return (classes + modules.flatMap(\.classes)).first { $0.name == type.text }
    }
}
