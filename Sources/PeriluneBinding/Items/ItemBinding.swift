package import PeriluneItems
package import PeriluneLuaRuntime

/// What a parameter's value is to an item, where that takes more than the machinery of bindings knows: functions and
/// tables that stand for callbacks, say. Nil where the value is an option like others.
package typealias OptionAdapter = @Sendable (Parameter, Arguments) throws -> OptionInput?

// Constructors of items, made from the declarations that stand beside the items.
extension Binding {
    /// The constructor of one item.
    /// - Parameters:
    ///   - further: options that the item does not know of.
    ///   - adapt: reads the values that the machinery of bindings does not know.
    ///   - hold: makes the object that scripts have of it.
    package static func item<Product>(
        _ declaration: ItemDeclaration<Product>, kind: String,
        further: @escaping @autoclosure @Sendable () -> [Parameter] = [],
        adapt: @escaping OptionAdapter = { _, _ in nil },
        hold: @escaping @Sendable (Product, Arguments) throws -> AnyObject
    ) -> Binding {
        Binding(
            declaration.name, declaration.positional, options: declaration.options + further(), result: .host(kind),
            help: declaration.help
        ) { arguments in
            [.object(try hold(arguments.item(declaration, adapt: adapt), arguments))]
        }
    }
}

extension Arguments {
    /// The item that a declaration makes of what the script gave for its parameters.
    /// - Parameters:
    ///   - fixed: options that are given here, whatever the script gives.
    ///   - adapt: reads the values that the machinery of bindings does not know.
    package func item<Product>(
        _ declaration: ItemDeclaration<Product>, fixed: [String: OptionInput] = [:],
        adapt: OptionAdapter = { _, _ in nil }
    ) throws -> Product {
        var inputs = fixed
        for parameter in declaration.parameters where try fixed[parameter.name] == nil && isGiven(parameter.name) {
            inputs[parameter.name] = try adapt(parameter, self) ?? optionInput(parameter.name)
        }
        do {
            return try declaration.make(inputs, within: ScriptReach(files: state.access))
        } catch ItemError.invalidOption(let option, _, let reason) {
            throw fault(option, reason)
        }
    }

    /// What the script gave for one parameter; nil where it gave nothing.
    private func optionInput(_ name: String) throws -> OptionInput? {
        let value = try value(name)
        if value.isNil { return nil }
        if let input = try value.optionInput(state, depth: 0) { return input }
        throw fault(name, "it cannot be kept as an option")
    }

    /// The item that a value of a parameter stands for, by name or as an object; nil where nothing was given.
    package func item<Catalogue: ItemCatalogue>(
        _ value: LuaValue, _ name: String, of catalogue: Catalogue.Type
    ) throws -> Catalogue.Product? {
        if let holder = value.object(as: LuaBox<Catalogue.Product>.self) { return holder.value }
        guard let text = value.string else {
            if value.isNil { return nil }
            throw fault(name, "\(catalogue.kind) expected, got \(state.shownText(of: value))")
        }
        do {
            return try catalogue.named(text)
        } catch {
            throw fault(name, "\(error)")
        }
    }
}

extension LuaValue {
    /// How deep tables in options may be nested: more than any option has.
    private static let deepestOption = 8

    /// The value on its way to an item; nil where it is of a type that no option has, or is nested too deeply.
    fileprivate func optionInput(_ state: LuaState, depth: Int) throws -> OptionInput? {
        if let object, let item = state.binding(of: object)?.item?.item(object) { return .made(item) }
        if let table { return depth < Self.deepestOption ? try table.optionInput(state, depth: depth) : nil }
        return switch self {
        case .boolean(let value): .value(.boolean(value))
        case .integer(let value): .value(.integer(value))
        case .number(let value): .value(.number(value))
        default: string.map { .value(.text($0)) }
        }
    }
}

extension LuaTable {
    /// A sequence as a list, a table of fields as a record, and a name with fields as an item: `{ "elu", alpha = 2 }`.
    /// Whole numbers that are no sequence name fields too: `{ [5] = 64 }`.
    fileprivate func optionInput(_ state: LuaState, depth: Int) throws -> OptionInput? {
        let elements = try array.compactMap { try $0.optionInput(state, depth: depth + 1) }
        if elements.count == entryCount { return .list(elements) }
        let entries = try entries
        let isNumbered = entries.allSatisfy { $0.key.integer != nil }
        var record: [String: OptionValue] = [:]
        for (key, value) in entries {
            guard let name = isNumbered ? key.integer.map(String.init) : key.string else { continue }
            guard let field = try value.optionInput(state, depth: depth + 1)?.plain else { return nil }
            record[name] = field
        }
        if isNumbered { return .value(.record(record)) }
        guard elements.count == count, elements.count + record.count == entryCount else { return nil }
        if elements.isEmpty { return .value(.record(record)) }
        guard elements.count == 1, case .value(.text(let name)) = elements[0] else { return nil }
        return .value(.item(ItemDescription(name, record)))
    }
}

extension [Binding] {
    /// The constructors of all items of a catalogue, which scripts hold in boxes.
    package static func items<Catalogue: ItemCatalogue>(_ catalogue: Catalogue.Type) -> [Binding] {
        catalogue.declarations.map { declaration in
            .item(declaration, kind: catalogue.kind) { item, _ in LuaBox(item, declaration.name) }
        }
    }
}
