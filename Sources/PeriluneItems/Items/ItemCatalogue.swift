/// The items of one kind by name. A new item is a file and a line in its catalogue, which a test demands.
public protocol ItemCatalogue: SendableMetatype {
    /// What all items of the kind are: `any Loss`.
    associatedtype Product

    /// What one of them is called: `loss`.
    static var kind: String { get }

    /// Every item, in the order in which help lists them.
    static var declarations: [ItemDeclaration<Product>] { get }

    /// The names that may be written, aliases included: those of items that a name stands for by itself, unless the
    /// catalogue says otherwise.
    static var spellings: [String] { get }

    /// The options that a bare name stands for. None unless the catalogue says otherwise.
    static func options(ofName written: String) -> [String: OptionValue]
}

extension ItemCatalogue {
    public static func options(ofName written: String) -> [String: OptionValue] { [:] }

    /// The names that stand for an item by themselves: those of items without required options.
    public static var names: [String] { bare.map(\.name) }

    /// These names, then the other ones that are accepted for them.
    public static var spellings: [String] {
        KnownSpellings.of(Self.self) { names + bare.flatMap(\.aliases).sorted() }
    }

    private static var bare: [ItemDeclaration<Product>] {
        declarations.filter { $0.parameters.allSatisfy { !$0.isRequired } }
    }

    /// The item of this name with default options. Class names (`MeanSquaredError`) are accepted.
    /// - Throws: `ItemError.unknownName` with the nearest name, or all where none is near.
    public static func named(_ name: String) throws -> Product {
        let written = ItemName.normalized(name)
        return try declaration(named: name).make(options(ofName: written).mapValues { .value($0) })
    }

    /// The item that was described, or one equal to it.
    /// - Throws: `ItemError` for an unknown name or option, or a value that the option does not take.
    public static func make(_ description: ItemDescription) throws -> Product {
        try declaration(named: description.name).make(description.options.mapValues { .value($0) })
    }

    /// What the item is, as a value; nil where no declaration is of its type: an item that a program wrote itself.
    public static func describe(_ product: Product) -> ItemDescription? {
        for declaration in declarations {
            if let description = declaration.describe(product) { return description }
        }
        return nil
    }

    /// The declaration of an item by its name, an alias or its class name.
    /// - Throws: `ItemError.unknownName`.
    public static func declaration(named name: String) throws -> ItemDeclaration<Product> {
        // `RMSprop` and `UpSampling2D` have capitals within what is one word here.
        let keys = [ItemName.normalized(name), name.lowercased()]
        if let found = declarations.first(where: { !$0.allNames.allSatisfy { !keys.contains($0) } }) { return found }
        var hint = NearestName.hint(name, among: spellings)
        if hint.isEmpty { hint = "; known: \(spellings.joined(separator: ", "))" }
        throw ItemError.unknownName(kind: kind, name: name, hint: hint)
    }
}
