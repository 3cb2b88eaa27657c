internal import CLua
internal import CLuaBridge

/// Operators that a class of host objects can define for Lua.
public enum LuaMetamethod: String, Hashable, Sendable, CaseIterable {
    case add = "__add"
    case subtract = "__sub"
    case multiply = "__mul"
    case divide = "__div"
    case remainder = "__mod"
    case power = "__pow"
    case negate = "__unm"
    case floorDivide = "__idiv"
    case concatenate = "__concat"
    case length = "__len"
    case equal = "__eq"
    case lessThan = "__lt"
    case lessOrEqual = "__le"
    case call = "__call"
    case toString = "__tostring"
    case pairs = "__pairs"
    /// What `ipairs` gives, where `LuaState.addObjectFunctions` was called.
    case listPairs = "__ipairs"
    /// The number that `string.format` takes, likewise.
    case number = "__number"
    case close = "__close"
}

/// The raw form of a class of host objects; `ClassBinding` is the one with names, checks and help.
package struct LuaClassDefinition {
    /// What error messages and `tostring` call it.
    package var name: String
    package var methods: [(name: String, body: LuaHostBody)] = []
    package var getters: [(name: String, body: LuaHostBody)] = []
    package var setters: [(name: String, body: LuaHostBody)] = []
    package var metamethods: [(metamethod: LuaMetamethod, body: LuaHostBody)] = []
    /// Called with object and key where no method or getter has that name.
    package var missing: LuaHostBody?
    /// Called with object, key and value where no setter has that name.
    package var missingSetter: LuaHostBody?
    /// What its objects count against the script's limit of memory; nil for a fixed cost of each.
    package var memory: HeldMemory?

    package init(name: String) { self.name = name }
}

/// A class of host objects that is registered with a state.
package final class LuaClass {
    /// Its name, and those of the classes that it extends.
    package let names: [String]
    /// The metatable.
    let metatable: LuaReference
    /// What its objects count against the script's limit of memory; nil for a fixed cost of each.
    package let memory: HeldMemory?

    init(names: [String], metatable: LuaReference, memory: HeldMemory?) {
        self.names = names
        self.metatable = metatable
        self.memory = memory
    }
}

extension LuaState {
    /// Makes instances of `type` and of its subclasses host objects.
    @discardableResult
    package func register(
        _ definition: LuaClassDefinition, for type: AnyObject.Type, extending parents: [String] = []
    ) -> LuaClass {
        pushTable(definition.methods)
        pushTable(definition.getters)
        pushTable(definition.setters)
        if let missing = definition.missing { pushFunction(missing) } else { pushNil() }
        if let missing = definition.missingSetter { pushFunction(missing) } else { pushNil() }
        unsafe perilune_lua_new_class(lua, definition.name)
        for (metamethod, body) in definition.metamethods {
            push(metamethod.rawValue)
            pushFunction(body)
            unsafe lua_rawset(lua, -3)
        }
        lastClass = (nil, nil)
        let made = LuaClass(
            names: [definition.name] + parents, metatable: popReference(), memory: definition.memory)
        classes[ObjectIdentifier(type)] = made
        return made
    }

    private func pushTable(_ functions: [(name: String, body: LuaHostBody)]) {
        unsafe lua_createtable(lua, 0, Int32(functions.count))
        for (name, body) in functions {
            push(name)
            pushFunction(body)
            unsafe lua_rawset(lua, -3)
        }
    }

    /// The class that `object` was registered under: its own, or the nearest superclass's.
    package func hostClass(of object: AnyObject) -> LuaClass? {
        let exact = ObjectIdentifier(type(of: object))
        if exact == lastClass.type { return lastClass.known }
        let found = findClass(exact, of: object)
        if let found { lastClass = (exact, found) }
        return found
    }

    private func findClass(_ exact: ObjectIdentifier, of object: AnyObject) -> LuaClass? {
        if let known = classes[exact] { return known }
        var ancestor: AnyClass? = _getSuperclass(type(of: object))
        while let current = ancestor {
            if let known = classes[ObjectIdentifier(current)] {
                classes[exact] = known
                return known
            }
            ancestor = _getSuperclass(current)
        }
        return nil
    }

    func push(object: AnyObject) throws(LuaError) {
        guard let hostClass = hostClass(of: object) else {
            throw LuaError(.host, "\(type(of: object)) is not a class that Lua knows")
        }
        if let memory = hostClass.memory {
            do { try memory.charge(object, budget) } catch { throw LuaError(.memory, "\(error)", underlying: error) }
        }
        let address = unsafe Unmanaged.passUnretained(object).toOpaque()
        // Those that hold memory have been counted as what they hold.
        let cost = hostClass.memory != nil ? 0 : Self.objectCost + argumentBytes
        guard unsafe perilune_lua_push_object(lua, address, hostClass.metatable.index, cost) else { return }
        _ = unsafe Unmanaged.passRetained(object)
        guard cost > 0, let context = unsafe context, unsafe perilune_lua_is_over_limit(context) else { return }
        do { try budget.settle() } catch { throw LuaError(.memory, "\(error)", underlying: error) }
    }

    /// About what an object of the host takes beside its userdata, in bytes.
    private static let objectCost = 1024

    func hostObject(at index: Int32) -> AnyObject? {
        guard let object = unsafe perilune_lua_to_object(lua, index) else { return nil }
        return unsafe Unmanaged<AnyObject>.fromOpaque(object).takeUnretainedValue()
    }

    /// What messages call the type of a value: the class of a host object, or what `type` says.
    package func typeName(of value: LuaValue) -> String {
        value.object.flatMap { hostClass(of: $0)?.names.first } ?? value.typeName
    }
}
