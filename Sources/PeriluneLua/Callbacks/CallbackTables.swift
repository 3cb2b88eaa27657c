internal import PeriluneBinding
internal import PeriluneGraph
internal import PeriluneLuaRuntime
internal import PeriluneTrain

/// Finds the event functions of tables, classes and scripts, and complains about what is none.
enum CallbackTables {
    /// The callback that a table of functions, or an instance of a class, is.
    static func callback(_ table: LuaTable, name: String) throws -> LuaCallback {
        if CallbackClass.isClass(table) {
            throw CallbackFault("\(name) is a class; make an instance of it: Class {}")
        }
        let own = table["name"].string
        if CallbackClass.isInstance(table) {
            let functions = try functions(of: try CallbackClass.fields(of: table), name)
            return LuaCallback(
                name: own ?? name, identity: try CallbackClass.identity(of: table), functions: functions,
                instance: table)
        }
        return LuaCallback(
            name: own ?? name, identity: CallbackIdentity(kind: "callback", name: own),
            functions: try functions(of: try table.entries, name))
    }

    /// The callback that an object of the library is; nil for anything else.
    static func hostCallback(_ value: LuaValue) -> (any Callback)? {
        value.object(as: CallbackBox.self)?.callback ?? value.object(as: HistoryRecorder.self)
    }

    /// The event functions among the fields of something called `owner`.
    static func functions(
        of fields: [(key: LuaValue, value: LuaValue)], _ owner: String, isScript: Bool = false,
        mayBeEmpty: Bool = false
    ) throws -> [Event: LuaFunction] {
        var found: [Event: LuaFunction] = [:]
        for (key, value) in fields {
            guard let name = key.string else {
                if isScript { continue }
                throw CallbackFault(
                    "\(owner) has an element \(key.keyText); a callback is a table of functions such as on_epoch_end")
            }
            guard let event = try event(name, value, owner, isScript: isScript) else { continue }
            guard let function = value.function else {
                throw CallbackFault("\(owner): \(name) must be a function, got \(value.briefText)")
            }
            guard found.updateValue(function, forKey: event) == nil else {
                throw CallbackFault("\(owner): \(event.name) is there twice, under its name and its alias")
            }
        }
        guard mayBeEmpty || !found.isEmpty else {
            throw CallbackFault(noEvents(owner))
        }
        return found
    }

    /// What is wrong with something that has no function for an event.
    static func noEvents(_ owner: String) -> String {
        "\(owner) has no function for an event; events are \(Event.names.joined(separator: ", "))"
    }

    /// The event that a field names; nil for a field that is something else.
    private static func event(
        _ name: String, _ value: LuaValue, _ owner: String, isScript: Bool
    ) throws -> Event? {
        guard name.hasPrefix("on_") else {
            // `epoch_end = function…` would never be called.
            if !isScript, value.function != nil, Event.names.contains("on_" + name) {
                throw CallbackFault("\(owner): unknown event '\(name)'; did you mean 'on_\(name)'?")
            }
            return nil
        }
        do {
            return try Event(named: name)
        } catch {
            throw CallbackFault((value.function?.place?.prefix ?? "\(owner): ") + error.message)
        }
    }
}

extension Arguments {
    /// The callbacks of the option `callbacks`: one, or a list of them.
    func callbacks() throws -> [any Callback] {
        let value = try value("callbacks")
        if value.isNil { return [] }
        if let single = CallbackTables.hostCallback(value) { return [single] }
        guard let table = value.table else { throw fault("callbacks", "a list of callbacks expected") }
        do {
            let isList = table.count > 0 || table.isEmpty
            guard isList, !CallbackClass.isInstance(table), !CallbackClass.isClass(table) else {
                return [try CallbackTables.callback(table, name: "callbacks")]
            }
            if let stranger = try table.entries.first(where: { $0.key.number == nil }) {
                throw CallbackFault(
                    "a list of callbacks has no field \(stranger.key.keyText); put it into a table of its own")
            }
            return try table.array.enumerated().map { try callback($0.element, "callbacks[\($0.offset + 1)]") }
        } catch let error as CallbackFault {
            throw fault("callbacks", error.description)
        }
    }

    /// The callback of the parameter `callback`; a table without a name is called `name`.
    func callback(named name: String) throws -> any Callback {
        do {
            return try callback(value("callback"), name)
        } catch let error as CallbackFault {
            throw fault("callback", error.description)
        }
    }

    private func callback(_ value: LuaValue, _ name: String) throws -> any Callback {
        if let known = CallbackTables.hostCallback(value) { return known }
        guard let table = value.table else {
            let hint = value.function == nil ? "" : "; name its event: { on_epoch_end = f }"
            throw CallbackFault("\(name): callback expected, got \(state.shownText(of: value))\(hint)")
        }
        return try CallbackTables.callback(table, name: name)
    }
}
