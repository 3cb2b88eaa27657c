internal import PeriluneItems
internal import PeriluneLuaRuntime

// From the arguments of a call to checked values, one for each parameter.
extension Binding {
    /// Checks a call. `receiver` is the object that a method was called on.
    func arguments(of call: LuaCall, receiver: AnyObject? = nil) throws -> Arguments {
        var arguments = Arguments(binding: self, state: call.state, receiver: receiver)
        arguments.givenCount = call.count
        if call.count == 1, case .table(let table) = call[1], try isNamed(table) {
            arguments.isByName = true
            try fill(&arguments, positionsOf: table)
            try fill(&arguments, optionsOf: table, skippingSequence: true)
        } else {
            try fill(&arguments, from: call)
        }
        try checkRequired(arguments, given: arguments.positionCount ?? call.count)
        return arguments
    }

    /// Whether the one table given holds arguments, in place of being the first one.
    private func isNamed(_ table: LuaTable) throws -> Bool {
        guard let first = positional.first else { return !options.isEmpty }
        guard first.type.takesTable != (false, false) else { return true }
        let names = try table.fieldNames
        if names.isEmpty { return false }
        // Fields that the first argument could have itself are its own, unless one names a parameter.
        if !first.type.takesTable.fields { return true }
        return names.contains { name in positional.contains { $0.answers(to: name) } }
            || (table.count > 0 && names.contains { name in options.contains { $0.answers(to: name) } })
    }

    /// The sequence part of a table that holds all arguments: the first argument where that takes a list, else one
    /// argument after the other.
    private func fill(_ arguments: inout Arguments, positionsOf table: LuaTable) throws {
        let elements = try table.array
        guard !elements.isEmpty, let first = positional.first else { return }
        if first.type.takesTable.sequence {
            try store(.table(arguments.state.makeTable(elements)), .position(1), at: 0, &arguments)
            return
        }
        guard elements.count <= positional.count else {
            throw ArgumentFault.tooMany(function: name, most: positional.count, got: elements.count)
        }
        for (index, element) in elements.enumerated() {
            try store(element, .position(index + 1), at: index, &arguments)
        }
    }

    private func fill(
        _ arguments: inout Arguments, optionsOf table: LuaTable, skippingSequence: Bool = false
    ) throws {
        let sequence = skippingSequence && !positional.isEmpty ? table.count : 0
        for (key, value) in try table.entries {
            if case .integer(let index) = key, index >= 1, index <= sequence { continue }
            guard let option = key.string else {
                throw ArgumentFault.unknownOption(key.keyText, function: name, hint: "; options are given by name")
            }
            guard let index = parameters.firstIndex(where: { $0.answers(to: option) }) else {
                let hint = NearestName.hint(option, among: parameters.flatMap(\.allNames))
                throw ArgumentFault.unknownOption(option, function: name, hint: hint)
            }
            try store(value, .name(option), at: index, &arguments)
        }
    }

    private func fill(_ arguments: inout Arguments, from call: LuaCall) throws {
        var position = 1
        while position <= min(call.count, positional.count) {
            let value = call[position]
            if position == call.count, let table = value.table,
                try isOptions(table, inPlaceOf: positional[position - 1])
            {
                arguments.positionCount = position - 1
                return try fill(&arguments, optionsOf: table)
            }
            if !value.isNil { try store(value, .position(position), at: position - 1, &arguments) }
            position += 1
        }
        if rest != nil {
            while position <= call.count {
                try storeRest(call[position], at: position, &arguments)
                position += 1
            }
            return
        }
        if position <= call.count, !options.isEmpty {
            let value = call[position]
            if !value.isNil {
                guard let table = value.table else {
                    let got = call.state.typeName(of: value)
                    throw ArgumentFault.argument(position, function: name, expected: "table", got: got)
                }
                try fill(&arguments, optionsOf: table)
            }
            position += 1
        }
        if position <= call.count, !(position...call.count).allSatisfy({ call[$0].isNil }) {
            throw ArgumentFault.tooMany(function: name, most: position - 1, got: call.count)
        }
    }

    /// Whether a table given last is the options, with the arguments from here on left out or among them:
    /// `conv2d(32, { kernel_size = 3 })`.
    private func isOptions(_ table: LuaTable, inPlaceOf parameter: Parameter) throws -> Bool {
        guard !options.isEmpty || positional.count > 1 else { return false }
        let takes = parameter.type.takesTable
        if takes.fields { return false }
        if takes.sequence, table.count > 0 || table.isEmpty { return false }
        return try !parameter.isRequired
            || table.fieldNames.contains { name in parameters.contains { $0.answers(to: name) } }
    }

    private func store(
        _ value: LuaValue, _ origin: Arguments.Origin, at index: Int, _ arguments: inout Arguments
    ) throws {
        if let earlier = arguments.origin(at: index) {
            throw ArgumentFault.givenTwice(
                parameters[index].name, function: name, first: earlier.text, second: origin.text)
        }
        do {
            try parameters[index].type.check(value, in: arguments.state)
        } catch {
            throw origin.fault(error, in: name)
        }
        arguments.set(value, origin, at: index)
    }

    private func storeRest(_ value: LuaValue, at position: Int, _ arguments: inout Arguments) throws {
        do {
            try rest?.type.check(value, in: arguments.state)
        } catch {
            throw Arguments.Origin.position(position).fault(error, in: name)
        }
        arguments.rest.append(value)
    }

    private func checkRequired(_ arguments: Arguments, given: Int) throws {
        for index in requiredPositions where arguments.origin(at: index) == nil {
            let parameter = parameters[index]
            let expected = parameter.type.text
            if index < positional.count, !arguments.isByName {
                let got = index < given ? "nil" : "no value"
                throw ArgumentFault.argument(index + 1, function: name, expected: expected, got: got)
            }
            throw ArgumentFault.option(parameter.name, function: name, expected: expected, got: "nil")
        }
    }
}
