package import PeriluneItems
package import PeriluneLuaRuntime

/// A class of objects of the host that scripts can use: methods, properties, operators.
package struct ClassBinding: Sendable {
    /// An operator: takes the call as Lua makes it, so check both operands (`call.object(1, as:)`).
    package typealias Operator = @Sendable (LuaCall) throws -> [LuaValue]

    /// What messages and help call it: `model`, `tensor`.
    package let name: String
    /// The Swift class. Instances of subclasses without a binding of their own count too.
    package let type: AnyObject.Type
    /// First line: what it is. Further lines: details.
    package let help: String
    /// Classes whose methods, properties and operators this one has as well.
    package let parents: [ClassBinding]
    package let methods: [Binding]
    package let properties: [Property]
    package let operators: [LuaMetamethod: Operator]
    /// Fields that depend on the object: asked where there is no method or property of that name. Returns nil (not
    /// `.nil`) where there is no such field, which then is an error.
    package let index: (@Sendable (AnyObject, LuaValue, LuaState) throws -> LuaValue?)?
    /// The types of such fields: of their keys, and of their values.
    package let indexTypes: (key: ParameterType, value: ParameterType)?
    /// The same for writing; returns whether there is such a field.
    package let setIndex: (@Sendable (AnyObject, LuaValue, LuaValue, LuaState) throws -> Bool)?
    /// What an object counts against the script's limit of memory; nil for a fixed cost of each.
    package let memory: HeldMemory?
    /// The item that an object stands for where an option takes one; nil where its objects stand for none.
    package let item: HeldItem?
    /// Names of the fields that `index` knows, for completion and "did you mean".
    package let fieldNames: (@Sendable (AnyObject) -> [String])?

    package init(
        _ name: String, _ type: AnyObject.Type, help: String, extending parents: [ClassBinding] = [],
        memory: HeldMemory? = nil, item: HeldItem? = nil, methods: [Binding] = [], properties: [Property] = [],
        operators: [LuaMetamethod: Operator] = [:],
        index: (@Sendable (AnyObject, LuaValue, LuaState) throws -> LuaValue?)? = nil,
        indexTypes: (key: ParameterType, value: ParameterType)? = nil,
        setIndex: (@Sendable (AnyObject, LuaValue, LuaValue, LuaState) throws -> Bool)? = nil,
        fieldNames: (@Sendable (AnyObject) -> [String])? = nil
    ) {
        self.name = name
        self.type = type
        self.help = help
        self.parents = parents
        self.memory = memory
        self.item = item
        self.methods = methods
        self.properties = properties
        self.operators = operators
        self.index = index ?? parents.lazy.compactMap(\.index).first
        self.indexTypes = indexTypes
        self.setIndex = setIndex ?? parents.lazy.compactMap(\.setIndex).first
        self.fieldNames = fieldNames ?? parents.lazy.compactMap(\.fieldNames).first
    }
}

extension ClassBinding {
    /// All methods, inherited ones included; an own one hides one of a parent.
    package var allMethods: [Binding] {
        let inherited = parents.flatMap(\.allMethods)
        return methods + inherited.filter { old in !methods.contains { $0.name == old.name } }
    }

    /// All properties, inherited ones included.
    package var allProperties: [Property] {
        let inherited = parents.flatMap(\.allProperties)
        return properties + inherited.filter { old in !properties.contains { $0.name == old.name } }
    }

    var allOperators: [LuaMetamethod: Operator] {
        parents.reduce(into: operators) { $0.merge($1.allOperators) { own, _ in own } }
    }

    /// The names of the classes that this one extends, nearest first.
    var ancestorNames: [String] { parents.flatMap { [$0.name] + $0.ancestorNames } }

    /// The names of all methods and properties, for completion and "did you mean".
    package var memberNames: [String] {
        allMethods.map(\.name) + allProperties.flatMap(\.allNames)
    }
}
