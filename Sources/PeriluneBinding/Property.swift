package import PeriluneItems
package import PeriluneLuaRuntime

/// A property of a class of host objects, read and perhaps written by scripts as `object.name`.
package struct Property: Sendable {
    package let name: String
    package let type: ParameterType
    /// Other spellings.
    package let aliases: [String]
    /// One line of explanation.
    package let help: String
    package let read: @Sendable (AnyObject, LuaState) throws -> LuaValue
    let write: (@Sendable (AnyObject, LuaValue, LuaState) throws -> Void)?

    /// Whether scripts can write it.
    package var isWritable: Bool { write != nil }

    /// A property of the class whose instances are `Object`s. With no `set` it is read-only; a value to set is checked
    /// against `type` first.
    package init<Object: AnyObject>(
        _ name: String, of object: Object.Type, _ type: ParameterType, aliases: [String] = [], help: String,
        get: @escaping @Sendable (Object, LuaState) throws -> LuaValue,
        set: (@Sendable (Object, LuaValue, LuaState) throws -> Void)? = nil
    ) {
        self.name = name
        self.type = type
        self.aliases = aliases
        self.help = help
        self.read = { object, state in
            guard let object = object as? Object else { return .nil }
            return try get(object, state)
        }
        guard let set else {
            write = nil
            return
        }
        write = { object, value, state in
            guard let object = object as? Object else { return }
            try set(object, value, state)
        }
    }

    package var allNames: [String] { [name] + aliases }
}
