internal import PeriluneBinding
internal import PeriluneItems
internal import PeriluneLuaRuntime
internal import PeriluneTrain

/// `lune.callback()`: classes of callbacks.
///
/// A class is a plain table whose metatable makes instances when it is called, and refuses functions for events that do
/// not exist as soon as they are written. Instances find their methods in the class, and classes in their parent.
enum CallbackClass {
    private static let className = "callback class"
    private static let instanceName = "callback instance"

    static let function = Binding(
        "callback", [.optional("parent", .shaped("callback_class"), "a class to inherit from")],
        result: .shaped("callback_class"),
        help: """
            Makes a class of callbacks: local Mine = lune.callback()
            function Mine:on_epoch_end(epoch, logs, run) … end defines what it does; Mine { patience = 3 } makes an
            instance with fields of its own. In methods self.model, self.params and self.state are there; self.state \
            is a
            table that goes into checkpoints.
            """
    ) { arguments in
        let state = arguments.state
        let parent = try arguments.optionalTable("parent")
        if let parent, !isClass(parent) {
            throw arguments.fault("parent", "a class from lune.callback() expected")
        }
        let table = state.makeTable()
        let instances = state.makeTable(["__index": .table(table), "__name": .string(instanceName)])
        let metatable = state.makeTable([
            "__name": .string(className), "__call": .function(state.makeFunction(makeInstance)),
            "__newindex": .function(state.makeFunction(define)), "instances": .table(instances),
        ])
        if let parent { metatable["__index"] = .table(parent) }
        table.metatable = metatable
        return [.table(table)]
    }

    static func isClass(_ table: LuaTable) -> Bool { table.metatable?["__name"].string == className }
    static func isInstance(_ table: LuaTable) -> Bool { table.metatable?["__name"].string == instanceName }

    /// `Mine { … }`: the table given becomes the instance.
    private static func makeInstance(_ call: LuaCall) throws -> [LuaValue] {
        guard let made = call[1].table?.metatable?["instances"].table else { return [.nil] }
        let fields = call[2]
        guard fields.isNil || fields.table != nil else {
            throw CallbackFault("a class is called with a table of fields, got \(fields.briefText)")
        }
        let instance = fields.table ?? call.state.makeTable()
        guard instance.metatable == nil else { throw CallbackFault("these fields belong to another object already") }
        if instance["state"].isNil { instance["state"] = .table(call.state.makeTable()) }
        for name in try instance.fieldNames where name.hasPrefix("on_") { _ = try Event(named: name) }
        instance.metatable = made
        return [.table(instance)]
    }

    private static func define(_ call: LuaCall) throws -> [LuaValue] {
        guard let table = call[1].table else { return [] }
        if let name = call[2].string {
            if name.hasPrefix("on_") { _ = try Event(named: name) }
            table[name] = call[3]
        } else if let index = call[2].integer {
            table[index] = call[3]
        } else {
            throw CallbackFault("a field of a class has a name, got a \(call[2].typeName)")
        }
        return []
    }

    /// What a user would call the same instance: its field `name`; where it has none, the functions that it has, and
    /// the plain fields that it was made with.
    static func identity(of instance: LuaTable) throws -> CallbackIdentity {
        let functions = try fields(of: instance).filter { $0.value.function != nil }.compactMap(\.key.string).sorted()
        let options = try instance.fields.filter { !lent.contains($0.name) }.compactMap { name, value in
            value.string != nil || value.number != nil || value.boolean != nil ? "\(name)=\(value.briefText)" : nil
        }
        return CallbackIdentity(
            kind: "callback instance", name: instance["name"].string,
            .exactly(functions.joined(separator: ", ")), details: options.sorted().joined(separator: ", "))
    }

    /// Fields that an instance is given for a run.
    private static let lent: Set = ["model", "params", "state"]

    /// The fields of an instance: its own, then those of its class and its parents that it does not hide.
    static func fields(of instance: LuaTable) throws -> [(key: LuaValue, value: LuaValue)] {
        var fields = try instance.entries
        var seen = Set(try instance.fieldNames)
        var next = instance.metatable?["__index"].table
        // A script cannot make a cycle, but it can make a long chain.
        for _ in 0..<64 {
            guard let table = next else { break }
            for (name, value) in try table.fields where seen.insert(name).inserted {
                fields.append((.string(name), value))
            }
            next = table.metatable?["__index"].table
        }
        return fields
    }
}
