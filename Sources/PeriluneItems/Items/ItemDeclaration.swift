/// The one place that says what an item is called, which options it takes and how it is made. It stands beside the
/// item; its bindings, help, completion, editor stubs and description come from it.
///
/// `Product` is what all items of its kind are: `any Loss`, `any Layer`.
public struct ItemDeclaration<Product>: Sendable {
    /// Keras's name in snake_case.
    public let name: String
    /// Other names that stand for it, in snake_case.
    public let aliases: [String]
    /// First line: what it is. Further lines: details.
    public let help: String
    private let isDeclared: @Sendable (Product) -> Bool
    /// Made when they are first asked for: a script that starts names few of all items, and the tables of all their
    /// options take longer than the rest of its start.
    private let content: OnDemand<Content>

    /// What follows from the options.
    private struct Content: Sendable {
        let positional: [Parameter]
        let options: [Parameter]
        let construct: @Sendable (ItemInputs) throws -> Product
        let optionsOf: @Sendable (Product) -> [String: OptionValue]?
        let validate: @Sendable (Product) throws -> Void
    }

    /// - Parameters:
    ///   - start: an item of default options, with anything for those that have none. What Swift has for a default is
    ///     what help shows.
    ///   - settings: what a product was made of, where that is no product itself, and nil for those of other types.
    ///   - isDescribed: which items of the type the declaration is for, where there are several declarations of one.
    ///   - make: makes the item of the options, which it reads by property.
    public init<Item>(
        _ name: String, aliases: [String] = [], _ start: @escaping @autoclosure @Sendable () throws -> Item,
        of settings: @escaping @Sendable (Product) -> Item? = { $0 as? Item },
        positional: @escaping @autoclosure @Sendable () -> [ItemOption<Item>] = [],
        options: @escaping @autoclosure @Sendable () -> [ItemOption<Item>] = [], help: String,
        isDescribed: @escaping @Sendable (Item) -> Bool = { _ in true },
        make: @escaping @Sendable (ItemOptions<Item>) throws -> Product
    ) {
        self.name = name
        self.aliases = aliases
        self.help = help
        isDeclared = { settings($0).map(isDescribed) ?? false }
        content = OnDemand {
            let (positional, options) = (positional(), options())
            let item = try? start()
            let all = positional + options
            return Content(
                positional: positional.flatMap { $0.parameters(of: item) },
                options: options.flatMap { $0.parameters(of: item) },
                construct: { try make(ItemOptions(inputs: $0, options: all, start: start())) },
                optionsOf: { product in
                    guard let item = settings(product) else { return nil }
                    var values: [String: OptionValue] = [:]
                    for part in all.flatMap(\.parts) { values[part.name] = part.write(item) }
                    return values
                },
                validate: { product in
                    guard let item = settings(product) else { return }
                    for option in all { try option.validate(item, named: name) }
                })
        }
    }
}

extension ItemDeclaration {
    /// The parameters that come by position.
    public var positional: [Parameter] { content.value.positional }

    /// The parameters that come by name.
    public var options: [Parameter] { content.value.options }

    /// All parameters: positional ones, then options.
    public var parameters: [Parameter] { positional + options }

    /// The name and its aliases.
    public var allNames: [String] { [name] + aliases }

    /// The item of these inputs, by the names or aliases of parameters.
    /// - Throws: `ItemError` for an option that is unknown, missing or of another type, and what the item itself
    ///   throws.
    public func make(_ inputs: [String: OptionInput] = [:]) throws -> Product {
        try make(inputs, within: UnlimitedReach())
    }

    /// The same for one who may not use all that the process may.
    package func make(_ inputs: [String: OptionInput], within reach: any OptionReach) throws -> Product {
        var values: [String: OptionInput] = [:]
        for (given, input) in inputs {
            guard let parameter = parameters.first(where: { $0.answers(to: given) }) else {
                let hint = NearestName.hint(given, among: parameters.flatMap(\.allNames))
                throw ItemError.unknownOption(given, item: name, hint: hint)
            }
            values[parameter.name] = input
        }
        for parameter in parameters where parameter.isRequired && values[parameter.name] == nil {
            throw ItemError.missingOption(parameter.name, item: name, expected: parameter.type.text)
        }
        return try content.value.construct(ItemInputs(item: name, values: values, reach: reach))
    }

    /// Checks an item that was not made of options by the ranges of the options.
    /// - Throws: `ItemError` for one whose value may not be given.
    package func validate(_ product: Product) throws { try content.value.validate(product) }

    /// What an item of this declaration is, as a value; nil for any other item.
    public func describe(_ product: Product) -> ItemDescription? {
        guard isDeclared(product) else { return nil }
        return content.value.optionsOf(product).map { ItemDescription(name, $0) }
    }
}

extension ItemOption {
    /// The parameters of the item's constructor, with the defaults of `item`.
    fileprivate func parameters(of item: Item?) -> [Parameter] {
        parts.map { part in
            if part.isRequired { return .required(part.name, part.type, aliases: part.aliases, part.help) }
            let known = part.hasDefault ? item.flatMap(part.write) : nil
            let value = part.shown.map { .shown($0) } ?? known.flatMap(Parameter.Default.init)
            return .optional(part.name, part.type, default: value, aliases: part.aliases, part.help)
        }
    }
}

extension Parameter.Default {
    /// What stands for a default in help and calls; nil for an empty list or record, which say nothing.
    init?(_ value: OptionValue) {
        switch value {
        case .boolean(let value): self = .boolean(value)
        case .integer(let value): self = .integer(value)
        case .number(let value): self = .number(value)
        case .text(let value): self = .string(value)
        case .list([]), .record([:]): return nil
        case .list, .record: self = .shown(value.text)
        case .item(let item): self = .shown("\"\(item.name)\"")
        }
    }
}
