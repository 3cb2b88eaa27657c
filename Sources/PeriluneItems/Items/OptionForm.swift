/// How values of a Swift type are written as the values of options: what checks and help call the type, and the way
/// there and back.
public struct OptionForm<Value>: Sendable {
    /// What may be given; defaults and messages come from it.
    package let type: ParameterType
    /// The value as an option; nil where it is none, as an activation of a host program's own is.
    package let write: @Sendable (Value) -> OptionValue?
    /// The value that is meant; nil where another type is given.
    package let read: @Sendable (OptionInput) throws -> Value?

    public init(
        _ type: ParameterType, write: @escaping @Sendable (Value) -> OptionValue?,
        read: @escaping @Sendable (OptionInput) throws -> Value?
    ) {
        self.type = type
        self.write = write
        self.read = read
    }
}

extension OptionForm where Value == Bool {
    public static var boolean: Self {
        Self(.boolean, write: { .boolean($0) }) { input in
            guard case .value(.boolean(let value)) = input else { return nil }
            return value
        }
    }
}

extension OptionForm where Value == Int {
    /// A whole number in a range; a float with a whole value counts.
    public static func integer(in range: ClosedRange<Int> = .min ... .max) -> Self {
        Self(.whole(range), write: { .integer($0) }) { input in
            guard let value = input.integer, range.contains(value) else { return nil }
            return value
        }
    }

    public static func integer(atLeast lowest: Int) -> Self { .integer(in: lowest ... .max) }

    /// A whole number that may be summed up and multiplied with another: see `ParameterType.mostWhole`.
    public static func count(atLeast lowest: Int) -> Self { .integer(in: lowest...ParameterType.mostWhole) }
}

extension OptionForm where Value == Double {
    /// A finite number in a range.
    public static func number(_ range: NumberRange = NumberRange()) -> Self {
        Self(.number(range), write: { .number($0) }) { input in
            guard let value = input.number, range.contains(value) else { return nil }
            return value
        }
    }
}

extension OptionForm where Value == Float {
    /// A finite number in a range, kept in single precision.
    public static func number(_ range: NumberRange = NumberRange()) -> Self {
        // By way of the shortest text, so that 0.3 stays 0.3 where people read it.
        Self(.number(range), write: { .number(Double("\($0)") ?? Double($0)) }) { input in
            guard let value = input.number, range.contains(value) else { return nil }
            let single = Float(value)
            guard single.isFinite == value.isFinite, range.contains(Double(single)) else {
                throw OptionFault("\(NumberRange.text(value)) is out of the range of single precision")
            }
            return single
        }
    }
}

extension OptionForm where Value == String {
    public static var string: Self {
        Self(.string, write: { .text($0) }) { input in
            guard case .value(.text(let value)) = input else { return nil }
            return value
        }
    }
}

extension OptionForm where Value: RawRepresentable & CaseIterable & Sendable, Value.RawValue == String {
    /// One of the names of an enumeration, or of some of its cases.
    public static func choice(of cases: [Value] = Array(Value.allCases)) -> Self {
        Self(.enumeration(cases.map(\.rawValue)), write: { .text($0.rawValue) }) { input in
            guard case .value(.text(let name)) = input else { return nil }
            return cases.first { $0.rawValue == name }
        }
    }
}

extension OptionForm {
    /// A list of values of one form; a single value counts as a list of one.
    public static func list<Element>(_ element: OptionForm<Element>, count: ClosedRange<Int> = 0 ... .max) -> Self
    where Value == [Element] {
        Self(.list(element.type, count), write: { $0.written(element) }) { try $0.list(element, count) }
    }

    /// One value of a form, or a list of so many of them.
    public static func oneOrList<Element>(_ element: OptionForm<Element>, count: ClosedRange<Int> = 0 ... .max) -> Self
    where Value == [Element] {
        Self(.either(element.type, .list(element.type, count))) { values in
            values.count == 1 ? element.write(values[0]) : values.written(element)
        } read: { input in
            try element.read(input).map { [$0] } ?? input.list(element, count)
        }
    }

    /// Values of one form by names.
    public static func map<Element>(_ element: OptionForm<Element>) -> Self where Value == [String: Element] {
        Self(.map(element.type)) { values in
            let written = values.compactMapValues(element.write)
            return written.count == values.count ? .record(written) : nil
        } read: { input in
            guard let fields = input.fields else { return nil }
            let values = try fields.compactMapValues(element.read)
            return values.count == fields.count ? values : nil
        }
    }

    /// An item of a catalogue: its name, its description, or the item itself.
    public static func item<Catalogue: ItemCatalogue>(_ catalogue: Catalogue.Type) -> Self
    where Value == Catalogue.Product {
        Self(.item(catalogue)) { product in
            Catalogue.describe(product).map { .item($0) }
        } read: { input in
            switch input {
            case .value(.text(let name)): try Catalogue.named(name)
            case .value(.item(let description)): try Catalogue.make(description)
            case .made(let item): item as? Value
            case .value, .list: nil
            }
        }
    }
}

extension ParameterType {
    /// The name of an item of a catalogue, or an item that was made before.
    package static func item<Catalogue: ItemCatalogue>(_ catalogue: Catalogue.Type) -> Self {
        .named(catalogue.kind, .either(.catalogue(catalogue.kind, catalogue.spellings), .host(catalogue.kind)))
    }
}

extension Array {
    fileprivate func written(_ form: OptionForm<Element>) -> OptionValue? {
        let values = compactMap(form.write)
        return values.count == count ? .list(values) : nil
    }
}

extension OptionInput {
    fileprivate func list<Element>(_ form: OptionForm<Element>, _ count: ClosedRange<Int>) throws -> [Element]? {
        var values: [Element] = []
        for input in elements {
            guard let value = try form.read(input) else { return nil }
            values.append(value)
        }
        return count.contains(values.count) ? values : nil
    }
}
