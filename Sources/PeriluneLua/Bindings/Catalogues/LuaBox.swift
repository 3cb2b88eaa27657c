internal import PeriluneItems

/// A value of the library that scripts hold and hand on: a loss, an initializer, a schedule.
final class LuaBox<Value> {
    let value: Value
    /// What `tostring` says after the kind.
    let name: String

    init(_ value: Value, _ name: String) {
        self.value = value
        self.name = name
    }
}

extension ClassBinding {
    /// The class of boxes that have no more than a name.
    static func box<Value>(_ name: String, _ type: LuaBox<Value>.Type, help: String) -> ClassBinding {
        ClassBinding(
            name, type, help: help,
            properties: [
                Property("name", of: type, .string, help: "What it is called in Keras.") { box, _ in .string(box.name) }
            ],
            operators: [
                .toString: { call in [.string("\(name) \(call.object(1, as: type)?.name ?? "?")")] }
            ])
    }
}

/// One kind of thing that is given by name or as an object that a constructor made.
struct Catalogue<Value> {
    /// What the kind is called: `loss`.
    let kind: String
    /// The names that help lists.
    let names: [String]
    /// Finds a name; throws an error that tells the nearest.
    let named: (String) throws -> Value
}

extension Arguments {
    /// What a parameter of a catalogued kind stands for; nil where nothing was given.
    func catalogued<Value>(_ name: String, _ catalogue: Catalogue<Value>) throws -> Value? {
        try catalogued(value(name), name, catalogue)
    }

    /// The same for one element of a list.
    func catalogued<Value>(_ value: LuaValue, _ name: String, _ catalogue: Catalogue<Value>) throws -> Value? {
        if let box = value.object(as: LuaBox<Value>.self) { return box.value }
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

extension ParameterType {
    /// A name from a catalogue, or an object of the host class of its kind.
    static func catalogued<Value>(_ catalogue: Catalogue<Value>) -> Self {
        .named(catalogue.kind, .either(.catalogue(catalogue.kind, catalogue.names), .host(catalogue.kind)))
    }
}
