/// An option of an item, tied to the property that holds it: from it come the parameter of the item's constructor, its
/// default, and its place in the item's description.
public struct ItemOption<Item>: Sendable {
    /// One parameter. Most options are one; those of a weight are three.
    package struct Part: Sendable {
        let name: String
        let aliases: [String]
        let type: ParameterType
        let isRequired: Bool
        /// Whether what the item of default options has is the default.
        let hasDefault: Bool
        /// What help shows in place of the default.
        let shown: String?
        let help: String
        /// The item's value of it; nil where it has none.
        let write: @Sendable (Item) -> OptionValue?

        init(
            _ name: String, aliases: [String], _ type: ParameterType, isRequired: Bool, hasDefault: Bool = true,
            shown: String?, _ help: String, write: @escaping @Sendable (Item) -> OptionValue?
        ) {
            self.name = name
            self.aliases = aliases
            self.type = type
            self.isRequired = isRequired
            self.hasDefault = hasDefault
            self.shown = shown
            self.help = help
            self.write = write
        }

        /// A part that may be left out.
        package init(
            _ name: String, _ type: ParameterType, hasDefault: Bool = true, _ help: String,
            write: @escaping @Sendable (Item) -> OptionValue?
        ) {
            self.init(
                name, aliases: [], type, isRequired: false, hasDefault: hasDefault, shown: nil, help, write: write)
        }
    }

    let path: any PartialKeyPath<Item> & Sendable
    let parts: [Part]
    /// The property's value of what is given for the parts, with the rest from an item of default options.
    let read: @Sendable (ItemInputs, _ start: Item) throws -> Any
    /// Sets the property to that, in an item that is a structure of options.
    let fill: @Sendable (inout Item, ItemInputs) throws -> Void

    package init<Value>(
        path: any KeyPath<Item, Value> & Sendable, parts: [Part],
        read: @escaping @Sendable (ItemInputs, _ start: Item) throws -> Value
    ) {
        self.path = path
        self.parts = parts
        self.read = read
        fill = { item, inputs in
            guard let path = path as? WritableKeyPath<Item, Value> else {
                throw ItemError.undeclaredOption(item: inputs.item)
            }
            item[keyPath: path] = try read(inputs, item)
        }
    }
}

extension ItemOption {
    /// An option whose default is what the property is in an item of default options.
    ///
    /// - Parameters:
    ///   - shown: what help shows in place of the default.
    public static func optional<Value>(
        _ name: String, _ path: any KeyPath<Item, Value> & Sendable, _ form: OptionForm<Value>, aliases: [String] = [],
        shown: String? = nil, _ help: String
    ) -> Self {
        one(name, path, form, aliases, isRequired: false, shown, help)
    }

    /// An option that may have no value.
    public static func optional<Value>(
        _ name: String, _ path: any KeyPath<Item, Value?> & Sendable, _ form: OptionForm<Value>,
        aliases: [String] = [], shown: String? = nil, _ help: String
    ) -> Self {
        one(name, path, form.orNone, aliases, isRequired: false, shown, help)
    }

    /// An option that has no value where it is left out, whatever the item of default options has: one of several of
    /// which one is given.
    public static func alternative<Value>(
        _ name: String, _ path: any KeyPath<Item, Value?> & Sendable, _ form: OptionForm<Value>,
        aliases: [String] = [], _ help: String
    ) -> Self {
        let part = Part(name, aliases: aliases, form.type, isRequired: false, hasDefault: false, shown: nil, help) {
            $0[keyPath: path].flatMap(form.write)
        }
        return Self(path: path, parts: [part]) { inputs, _ in try inputs.value(name, form) }
    }

    /// An option that has to be given.
    public static func required<Value>(
        _ name: String, _ path: any KeyPath<Item, Value> & Sendable, _ form: OptionForm<Value>, aliases: [String] = [],
        _ help: String
    ) -> Self {
        one(name, path, form, aliases, isRequired: true, nil, help)
    }

    private static func one<Value>(
        _ name: String, _ path: any KeyPath<Item, Value> & Sendable, _ form: OptionForm<Value>, _ aliases: [String],
        isRequired: Bool, _ shown: String?, _ help: String
    ) -> Self {
        let part = Part(name, aliases: aliases, form.type, isRequired: isRequired, shown: shown, help) {
            form.write($0[keyPath: path])
        }
        return Self(path: path, parts: [part]) { inputs, start in
            try inputs.value(name, form) ?? start[keyPath: path]
        }
    }
}

extension ItemOption {
    /// The options of a structure that the item holds, in their order.
    package static func all<Settings>(
        _ options: [ItemOption<Settings>], of path: any KeyPath<Item, Settings> & Sendable
    ) -> Self {
        let parts = options.flatMap(\.parts).map { part in
            Part(
                part.name, aliases: part.aliases, part.type, isRequired: part.isRequired, hasDefault: part.hasDefault,
                shown: part.shown, part.help
            ) { part.write($0[keyPath: path]) }
        }
        return Self(path: path, parts: parts) { inputs, start in
            var settings = start[keyPath: path]
            for option in options { try option.fill(&settings, inputs) }
            return settings
        }
    }

    /// - Throws: `ItemError` where the item has a value that may not be given for the option.
    func validate(_ item: Item, named name: String) throws {
        var values: [String: OptionInput] = [:]
        for part in parts { values[part.name] = part.write(item).map { .value($0) } }
        _ = try read(ItemInputs(item: name, values: values, reach: UnlimitedReach()), item)
    }
}

extension OptionForm {
    /// The same, of a value that may be none.
    var orNone: OptionForm<Value?> {
        OptionForm<Value?>(type) {
            $0.flatMap(write)
        } read: {
            try read($0).map { .some($0) }
        }
    }
}
