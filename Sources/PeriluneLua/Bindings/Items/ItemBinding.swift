internal import PeriluneItems

// Constructors of items, made from the declarations that stand beside the items.
extension Binding {
    /// The constructor of one item.
    /// - Parameter hold: makes the object that scripts have of it.
    static func item<Product>(
        _ declaration: ItemDeclaration<Product>, kind: String,
        hold: @escaping @Sendable (Product, Arguments) throws -> AnyObject
    ) -> Binding {
        Binding(
            declaration.name, declaration.positional, options: declaration.options, result: .host(kind),
            help: declaration.help
        ) { arguments in
            do {
                return [.object(try hold(declaration.make(arguments.optionInputs()), arguments))]
            } catch ItemError.invalidOption(let option, _, let reason) {
                throw arguments.fault(option, reason)
            }
        }
    }
}

extension Arguments {
    /// What the script gave, for an item to be made of, by the names of parameters.
    fileprivate func optionInputs() throws -> [String: OptionInput] {
        var inputs: [String: OptionInput] = [:]
        for parameter in binding.parameters where try isGiven(parameter.name) {
            inputs[parameter.name] = try optionInput(parameter.name)
        }
        return inputs
    }

    /// What the script gave for one parameter; nil where it gave nothing.
    func optionInput(_ name: String) throws -> OptionInput? {
        let value = try value(name)
        if value.isNil { return nil }
        guard let input = try value.optionInput(depth: 0) else { throw fault(name, "it cannot be kept as an option") }
        return input
    }

    /// The item that a parameter stands for, by name or as an object; nil where nothing was given.
    func item<Catalogue: ItemCatalogue>(_ name: String, of catalogue: Catalogue.Type) throws -> Catalogue.Product? {
        try item(value(name), name, of: catalogue)
    }

    /// The same for one element of a list.
    func item<Catalogue: ItemCatalogue>(
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
    fileprivate func optionInput(depth: Int) throws -> OptionInput? {
        if let holder = object(as: AnyObject.self) as? any ItemHolder { return .made(holder.item) }
        if let table { return depth < Self.deepestOption ? try table.optionInput(depth: depth) : nil }
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
    fileprivate func optionInput(depth: Int) throws -> OptionInput? {
        let elements = try array.compactMap { try $0.optionInput(depth: depth + 1) }
        var record: [String: OptionValue] = [:]
        for (name, value) in try fields {
            guard case .value(let field) = try value.optionInput(depth: depth + 1) else { return nil }
            record[name] = field
        }
        guard elements.count == count, elements.count + record.count == entryCount else { return nil }
        if record.isEmpty { return .list(elements) }
        if elements.isEmpty { return .value(.record(record)) }
        guard elements.count == 1, case .value(.text(let name)) = elements[0] else { return nil }
        return .value(.item(ItemDescription(name, record)))
    }
}

extension [Binding] {
    /// The constructors of all items of a catalogue, which scripts hold in boxes.
    static func items<Catalogue: ItemCatalogue>(_ catalogue: Catalogue.Type) -> [Binding] {
        catalogue.declarations.map { declaration in
            .item(declaration, kind: catalogue.kind) { item, _ in LuaBox(item, declaration.name) }
        }
    }
}
