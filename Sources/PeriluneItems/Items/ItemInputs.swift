/// What is given to make an item of: inputs by the declared names of the options.
package struct ItemInputs {
    /// The item's name, for messages.
    let item: String
    let values: [String: OptionInput]

    /// The value of an option; nil where none is given.
    /// - Throws: `ItemError` where it is of another type, or for another reason cannot be used.
    package func value<Value>(_ name: String, _ form: OptionForm<Value>) throws -> Value? {
        guard let input = values[name] else { return nil }
        do {
            if let value = try form.read(input) { return value }
        } catch let fault as OptionFault {
            throw ItemError.invalidOption(name, item: item, reason: fault.reason)
        } catch let error as ItemError {
            throw ItemError.invalidOption(name, item: item, reason: "\(error)")
        }
        throw ItemError.invalidOption(name, item: item, reason: "\(form.type.text) expected")
    }
}

/// The options of an item that is being made, read by the properties that hold them: `options[\.units]`.
public struct ItemOptions<Item> {
    let inputs: ItemInputs
    let options: [ItemOption<Item>]
    /// An item of default options.
    let start: Item

    /// What the property is to be: what is given for it, or its default.
    /// - Throws: `ItemError` where what is given cannot be used.
    public subscript<Value>(_ path: KeyPath<Item, Value>) -> Value {
        get throws {
            guard let option = options.first(where: { $0.path as PartialKeyPath<Item> == path }),
                let value = try option.read(inputs, start) as? Value
            else { throw ItemError.undeclaredOption(item: inputs.item) }
            return value
        }
    }
}
