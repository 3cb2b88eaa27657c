internal import PeriluneItems
package import PeriluneLuaRuntime

// Typed reading. The plain forms are for parameters that are required or have a default, the optional ones for the
// rest.
extension Arguments {
    package func integer(_ name: String) throws(ArgumentFault) -> Int {
        try present(name, value(name).integer)
    }

    package func number(_ name: String) throws(ArgumentFault) -> Double {
        try present(name, value(name).number)
    }

    /// A number in single precision.
    package func float(_ name: String) throws(ArgumentFault) -> Float { Float(try number(name)) }

    package func boolean(_ name: String) throws(ArgumentFault) -> Bool {
        try present(name, value(name).boolean)
    }

    package func string(_ name: String) throws(ArgumentFault) -> String {
        try present(name, value(name).string)
    }

    package func table(_ name: String) throws(ArgumentFault) -> LuaTable {
        try present(name, value(name).table)
    }

    package func function(_ name: String) throws(ArgumentFault) -> LuaFunction {
        try present(name, value(name).function)
    }

    /// The host object, which the parameter's type says is of this class.
    package func host<Object: AnyObject>(_ name: String, _ type: Object.Type) throws(ArgumentFault) -> Object {
        try present(name, value(name).object(as: type))
    }

    package func optionalInteger(_ name: String) throws(ArgumentFault) -> Int? { try value(name).integer }
    package func optionalNumber(_ name: String) throws(ArgumentFault) -> Double? { try value(name).number }
    package func optionalBoolean(_ name: String) throws(ArgumentFault) -> Bool? { try value(name).boolean }
    package func optionalString(_ name: String) throws(ArgumentFault) -> String? { try value(name).string }
    package func optionalTable(_ name: String) throws(ArgumentFault) -> LuaTable? { try value(name).table }
    package func optionalFunction(_ name: String) throws(ArgumentFault) -> LuaFunction? { try value(name).function }

    /// The host object, or nil where none was given or it is of another class (in a union).
    package func optionalHost<Object: AnyObject>(_ name: String, _ type: Object.Type) throws(ArgumentFault) -> Object? {
        try value(name).object(as: type)
    }

    /// The elements of a list; empty where none was given.
    package func list(_ name: String) throws -> [LuaValue] {
        try value(name).table?.array ?? []
    }

    /// The elements of a list of integers; a single integer counts as a list of one.
    package func integers(_ name: String) throws -> [Int] {
        if let single = try value(name).integer { return [single] }
        return try list(name).compactMap(\.integer)
    }

    /// The elements of a list of numbers; a single number counts as a list of one.
    package func numbers(_ name: String) throws -> [Double] {
        if let single = try value(name).number { return [single] }
        return try list(name).compactMap(\.number)
    }

    /// The elements of a list of strings; a single string counts as a list of one.
    package func strings(_ name: String) throws -> [String] {
        if let single = try value(name).string { return [single] }
        return try list(name).compactMap(\.string)
    }

    /// The elements of a list of host objects; a single one counts as a list of one.
    package func hosts<Object: AnyObject>(_ name: String, _ type: Object.Type) throws -> [Object] {
        if let single = try value(name).object(as: type) { return [single] }
        return try list(name).compactMap { $0.object(as: type) }
    }

    /// The object that the method was called on.
    package func receiver<Object: AnyObject>(as type: Object.Type) throws(ArgumentFault) -> Object {
        guard let object = receiver as? Object else {
            throw .receiver(function: binding.name, expected: "\(type)", got: "nil")
        }
        return object
    }

    private func present<Value>(_ name: String, _ value: Value?) throws(ArgumentFault) -> Value {
        if let value { return value }
        throw fault(name, "a value is needed")
    }
}
