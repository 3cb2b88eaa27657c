/// What a parameter takes: what the checks accept, and what messages and help call it.
public indirect enum ParameterType: Sendable {
    case any
    case boolean
    /// A whole number in a range; a float with an integral value counts.
    case whole(ClosedRange<Int>)
    /// A number in a range.
    case real(NumberRange)
    case string
    /// One of these strings.
    case enumeration([String])
    /// A name from a catalogue of that kind, such as `loss`. Other spellings of the names are taken too
    /// (`MeanSquaredError`): whoever reads the name knows them, and says what is near.
    case catalogue(String, [String])
    case function
    /// A plain table, whatever is in it.
    case table
    /// A plain table whose fields are described under this name, for editors: `callback_table`. It checks itself later.
    case shaped(String)
    /// A table that is a sequence of values of one type, with a number of elements in the range.
    case list(ParameterType, ClosedRange<Int>)
    /// A table of named values of one type.
    case map(ParameterType)
    /// A table with these named fields and no others.
    case record([Parameter])
    /// A host object of the class of this name, or of one that extends it.
    case host(String)
    /// Any of these.
    case union([ParameterType])
    /// A type with a name of its own in messages and help, such as `callback`.
    case named(String, ParameterType)
    /// A tuple-like list: one type for each position.
    case tuple([ParameterType])
}

extension ParameterType {
    public static var integer: Self { .whole(.min ... .max) }
    public static func integer(atLeast lowest: Int) -> Self { .whole(lowest ... .max) }
    public static func integer(in range: ClosedRange<Int>) -> Self { .whole(range) }

    /// A finite number.
    public static var number: Self { .real(NumberRange()) }
    public static func number(_ range: NumberRange) -> Self { .real(range) }

    public static func list(_ element: ParameterType) -> Self { .list(element, 0 ... .max) }
    public static func list(_ element: ParameterType, count: Int) -> Self { .list(element, count...count) }

    public static func either(_ types: ParameterType...) -> Self { .union(types) }

    /// The ways to write a callback: a table of functions, or an object that the library made.
    public static var callback: Self { .named("callback", .union([.shaped("callback_table"), .host("callback")])) }
}

/// A range of numbers, each end open or closed.
public struct NumberRange: Hashable, Sendable {
    public var lowest: Double?
    public var highest: Double?
    public var includesLowest = true
    public var includesHighest = true
    /// Whether infinities and NaN are taken.
    public var allowsNonFinite = false

    public init(
        lowest: Double? = nil, highest: Double? = nil, includesLowest: Bool = true, includesHighest: Bool = true,
        allowsNonFinite: Bool = false
    ) {
        self.lowest = lowest
        self.highest = highest
        self.includesLowest = includesLowest
        self.includesHighest = includesHighest
        self.allowsNonFinite = allowsNonFinite
    }

    /// Every number, infinities and NaN included.
    public static var all: Self { Self(allowsNonFinite: true) }
    public static func atLeast(_ lowest: Double) -> Self { Self(lowest: lowest) }
    public static func above(_ lowest: Double) -> Self { Self(lowest: lowest, includesLowest: false) }
    public static func within(_ range: ClosedRange<Double>) -> Self {
        Self(lowest: range.lowerBound, highest: range.upperBound)
    }
    public static func within(_ range: Range<Double>) -> Self {
        Self(lowest: range.lowerBound, highest: range.upperBound, includesHighest: false)
    }

    func contains(_ number: Double) -> Bool {
        guard number.isFinite else { return allowsNonFinite }
        if let lowest, includesLowest ? number < lowest : number <= lowest { return false }
        if let highest, includesHighest ? number > highest : number >= highest { return false }
        return true
    }
}
