internal import PeriluneItems
package import PeriluneLuaRuntime

extension LuaState {
    /// Makes instances of the binding's class usable from scripts.
    package func register(_ binding: ClassBinding) {
        var definition = LuaClassDefinition(name: binding.name)
        definition.methods = binding.allMethods.map { method in
            (method.name, { call in try binding.call(method, call) })
        }
        for property in binding.allProperties {
            for name in property.allNames {
                definition.getters.append((name, { call in try binding.get(property, call) }))
                definition.setters.append((name, { call in try binding.set(property, call) }))
            }
        }
        definition.metamethods = binding.allOperators.map { ($0.key, $0.value) }
        if binding.allOperators[.toString] == nil {
            definition.metamethods.append((.toString, { _ in [.string(binding.name)] }))
        }
        definition.missing = { call in try binding.getMissing(call) }
        definition.missingSetter = { call in try binding.setMissing(call) }
        definition.memory = binding.memory
        let made = register(definition, for: binding.type, extending: binding.ancestorNames)
        classBindings.byClass[ObjectIdentifier(made)] = binding
    }

    /// A Lua function that checks its arguments and runs the binding.
    package func makeFunction(_ binding: Binding) -> LuaFunction {
        makeFunction { call in
            let arguments = try binding.arguments(of: call)
            let results = try binding.body(arguments)
            if call.state.memoryLimit != nil, call.state.makesObject(results) {
                call.state.argumentBytes = call.state.budget.crossing.bytes
            }
            return results
        }
    }

    /// Whether there is an object among the results that is not counted as what it holds.
    private func makesObject(_ results: [LuaValue]) -> Bool {
        results.contains { result in
            guard let object = result.object else { return false }
            guard let known = hostClass(of: object) else { return false }
            return known.memory == nil
        }
    }
}

extension ClassBinding {
    fileprivate func call(_ method: Binding, _ call: LuaCall) throws -> [LuaValue] {
        guard let object = receiver(call) else {
            let got = call.count == 0 ? "no value" : call.state.typeName(of: call[1])
            throw ArgumentFault.receiver(function: method.name, expected: name, got: got)
        }
        return try method.body(method.arguments(of: call.droppingReceiver(), receiver: object))
    }

    fileprivate func get(_ property: Property, _ call: LuaCall) throws -> [LuaValue] {
        [try property.read(try checkedReceiver(call), call.state)]
    }

    fileprivate func set(_ property: Property, _ call: LuaCall) throws -> [LuaValue] {
        let object = try checkedReceiver(call)
        guard let write = property.write else { throw ArgumentFault.readOnly(property.name, owner: name) }
        do {
            try property.type.check(call[3], in: call.state)
        } catch {
            throw fault(property, error)
        }
        try write(object, call[3], call.state)
        return []
    }

    fileprivate func getMissing(_ call: LuaCall) throws -> [LuaValue] {
        let object = try checkedReceiver(call)
        if let value = try index?(object, call[2], call.state) { return [value] }
        throw unknown(call[2], of: object)
    }

    fileprivate func setMissing(_ call: LuaCall) throws -> [LuaValue] {
        let object = try checkedReceiver(call)
        if try setIndex?(object, call[2], call[3], call.state) == true { return [] }
        if let key = call[2].string,
            allMethods.contains(where: { $0.name == key }) || fieldNames?(object).contains(key) == true
        {
            throw ArgumentFault.readOnly(key, owner: name)
        }
        throw unknown(call[2], of: object)
    }

    /// The object that the call is about, where it is of this class: scripts can pass anything as `self`.
    private func receiver(_ call: LuaCall) -> AnyObject? {
        guard let object = call.object(1, as: AnyObject.self),
            call.state.hostClass(of: object)?.names.contains(name) == true
        else { return nil }
        return object
    }

    private func checkedReceiver(_ call: LuaCall) throws -> AnyObject {
        if let object = receiver(call) { return object }
        throw ArgumentFault.receiver(function: "index", expected: name, got: call.state.typeName(of: call[1]))
    }

    private func fault(_ property: Property, _ mismatch: Mismatch) -> any Error {
        switch mismatch {
        case .type(let path, let expected, let got, let hint):
            ArgumentFault.property(property.name + path, owner: name, expected: expected, got: got, hint: hint)
        case .field(let path, let field, let hint):
            ArgumentFault.unknownField(property.name + path + "." + field, owner: name, hint: hint)
        case .unread(let error): error
        }
    }

    private func unknown(_ key: LuaValue, of object: AnyObject) -> ArgumentFault {
        guard let field = key.string else { return .unknownField(key.keyText, owner: name, hint: "") }
        let own = fieldNames?(object) ?? []
        let near = NearestName.hint(field, among: memberNames + own)
        guard near.isEmpty, (1...20).contains(own.count) else { return .unknownField(field, owner: name, hint: near) }
        return .unknownField(field, owner: name, hint: "; it has \(own.joined(separator: ", "))")
    }
}

extension LuaState {
    /// The bindings that the classes of this state were made from.
    private final class ClassBindings {
        var byClass: [ObjectIdentifier: ClassBinding] = [:]
    }

    private var classBindings: ClassBindings { attachment(ClassBindings.self) { ClassBindings() } }

    /// The binding that the object's class was made from; nil for a class of the host's own.
    package func binding(of object: AnyObject) -> ClassBinding? {
        hostClass(of: object).flatMap { classBindings.byClass[ObjectIdentifier($0)] }
    }
}
