/// What is given to make an item of: inputs by the declared names of the options.
package struct ItemInputs {
    /// The item's name, for messages.
    let item: String
    let values: [String: OptionInput]
    let reach: any OptionReach

    /// The value of an option; nil where none is given.
    /// - Throws: `ItemError` where it is of another type, or for another reason cannot be used.
    package func value<Value>(_ name: String, _ form: OptionForm<Value>) throws -> Value? {
        guard let input = values[name] else { return nil }
        do {
            if let value = try form.read(input) { return value }
        } catch let fault as OptionFault {
            throw self.fault(name, fault.reason)
        } catch let error as ItemError {
            throw fault(name, "\(error)")
        }
        throw fault(name, "\(form.type.text) expected")
    }

    /// A fault of the value of an option: why the item cannot be made of it.
    package func fault(_ name: String, _ reason: String) -> ItemError {
        .invalidOption(name, item: item, reason: reason)
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

extension ItemOptions {
    /// The options as a structure of them, with the defaults of those that are not given.
    /// - Throws: `ItemError` where what is given cannot be used.
    package func filled() throws -> Item {
        var item = start
        for option in options { try option.fill(&item, inputs) }
        return item
    }
}

// For items that look at how they are asked for.
extension ItemOptions {
    /// Whether something is given for the option of this name.
    package func isGiven(_ name: String) -> Bool { inputs.values[name] != nil }

    /// A fault of the value of the option of this name.
    package func fault(_ name: String, _ reason: String) -> ItemError { inputs.fault(name, reason) }

    /// Whether the one who gives the options may use the network.
    package var mayUseNetwork: Bool { inputs.reach.mayUseNetwork }

    /// A path as it may be opened, which the option of this name has or leads to.
    /// - Throws: `ItemError` where it may not be.
    package func opened(_ path: String, for use: FileUse, _ name: String) throws(ItemError) -> String {
        do { return try inputs.reach.path(path, for: use) } catch { throw fault(name, error.reason) }
    }
}
