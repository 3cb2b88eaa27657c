public import PeriluneGraph

/// A plain value that a checkpoint keeps: what the state of a callback is made of.
public indirect enum StateValue: Hashable, Sendable {
    case null
    case boolean(Bool)
    case integer(Int)
    /// Kept bit for bit, but for the payload of a NaN.
    case number(Double)
    case text(String)
    /// A string that is not UTF-8.
    case bytes([UInt8])
    case tensor(Tensor)
    case list([StateValue])
    case record([String: StateValue])
    /// A table whose keys are not all names.
    case pairs([Pair])

    /// A key that is no name, and its value.
    public struct Pair: Hashable, Sendable {
        public var key: StateValue
        public var value: StateValue

        public init(_ key: StateValue, _ value: StateValue) {
            self.key = key
            self.value = value
        }
    }
}

extension StateValue {
    public var boolean: Bool? {
        if case .boolean(let value) = self { value } else { nil }
    }

    public var integer: Int? {
        switch self {
        case .integer(let value): value
        case .number(let value): Int(exactly: value)
        case .null, .boolean, .text, .bytes, .tensor, .list, .record, .pairs: nil
        }
    }

    /// A number that things are counted with: 0 or more, and so far from the largest that one can go on counting. A
    /// file may hold any.
    package var count: Int? { integer.map { min(max(0, $0), 1 << 53) } }

    /// A time that has passed: 0 or more, at most some 30 years.
    var seconds: Double? { number.map { $0.isFinite ? min(max(0, $0), 1e9) : 0 } }

    public var number: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .number(let value): value
        case .null, .boolean, .text, .bytes, .tensor, .list, .record, .pairs: nil
        }
    }

    public var text: String? {
        if case .text(let value) = self { value } else { nil }
    }

    public var tensor: Tensor? {
        if case .tensor(let value) = self { value } else { nil }
    }

    public var list: [StateValue]? {
        if case .list(let values) = self { values } else { nil }
    }

    public var record: [String: StateValue]? {
        if case .record(let fields) = self { fields } else { nil }
    }

    /// A field of a record; nil where this is no record or has none of that name.
    public subscript(name: String) -> StateValue? { record?[name] }

    /// The numbers of a list; nil where one is something else.
    public var numbers: [Double]? {
        guard let list else { return nil }
        let numbers = list.compactMap(\.number)
        return numbers.count == list.count ? numbers : nil
    }

    /// The texts of a list; nil where one is something else.
    public var texts: [String]? {
        guard let list else { return nil }
        let texts = list.compactMap(\.text)
        return texts.count == list.count ? texts : nil
    }
}

extension StateValue: ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
    ExpressibleByStringLiteral, ExpressibleByDictionaryLiteral
{
    public init(booleanLiteral value: Bool) { self = .boolean(value) }
    public init(integerLiteral value: Int) { self = .integer(value) }
    public init(floatLiteral value: Double) { self = .number(value) }
    public init(stringLiteral value: String) { self = .text(value) }
    public init(dictionaryLiteral elements: (String, StateValue)...) {
        self = .record(Dictionary(elements, uniquingKeysWith: { $1 }))
    }

    init(_ numbers: [Double]) { self = .list(numbers.map { .number($0) }) }
    package init(_ texts: [String]) { self = .list(texts.map { .text($0) }) }
    init(_ logs: Logs) { self = .list([.init(logs.names), .init(logs.values)]) }
}

extension Logs {
    /// The logs that a checkpoint kept; nil where `value` is something else.
    convenience init?(_ value: StateValue?) {
        guard let parts = value?.list, parts.count == 2, let names = parts[0].texts, let values = parts[1].numbers,
            names.count == values.count
        else { return nil }
        self.init()
        for (name, value) in zip(names, values) { self[name] = value }
    }
}
