import PeriluneItems

extension OptionForm where Value == Activation {
    /// A name, or a name with options.
    static var activation: Self {
        let names = ParameterType.catalogue(ActivationCatalogue.kind, ActivationCatalogue.spellings)
        return Self(.named(ActivationCatalogue.kind, .either(names, .table))) { activation in
            guard let item = ActivationCatalogue.describe(activation) else { return nil }
            return (try? ActivationCatalogue.named(item.name)) == activation ? .text(item.name) : .item(item)
        } read: { input in
            switch input {
            case .value(.text(let name)): return try ActivationCatalogue.named(name)
            case .value(.item(let item)): return try ActivationCatalogue.make(item)
            case .value, .made, .list:
                guard input.elements.count == 1, case .value(.text(let name)) = input.elements[0] else {
                    throw OptionFault("a name, or a table that begins with one, expected")
                }
                return try ActivationCatalogue.named(name)
            }
        }
    }
}

extension OptionForm where Value == Int {
    /// An axis of what an activation is applied to.
    static var activationAxis: Self { .integer(in: -ParameterType.mostWhole...ParameterType.mostWhole) }
}

extension ItemOption {
    /// The axis that an activation works along.
    static func activationAxis(_ path: any KeyPath<Item, Int> & Sendable, _ help: String) -> Self {
        .optional("axis", path, .activationAxis, "\(help), counted from 0 with the batch; negative ones from the end")
    }
}
