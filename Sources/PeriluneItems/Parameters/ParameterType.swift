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
    /// (`MeanSquaredError`): what makes the item knows them, and says what is near.
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
    /// The most that a whole number of a script may be where nothing else is said: sums and products of two of them,
    /// and of their sizes in bytes, do not overflow.
    public static let mostWhole = Int(Int32.max)

    public static var integer: Self { .whole(-mostWhole...mostWhole) }
    public static func integer(atLeast lowest: Int) -> Self { .whole(lowest...mostWhole) }
    public static func integer(in range: ClosedRange<Int>) -> Self { .whole(range) }

    /// A finite number.
    public static var number: Self { .real(NumberRange()) }
    public static func number(_ range: NumberRange) -> Self { .real(range) }

    public static func list(_ element: ParameterType) -> Self { .list(element, 0 ... .max) }
    public static func list(_ element: ParameterType, count: Int) -> Self { .list(element, count...count) }

    public static func either(_ types: ParameterType...) -> Self { .union(types) }

    /// The ways to write a callback: a table of functions, or an object that the library made.
    public static var callback: Self { .named("callback", .union([.shaped("callback_table"), .host("callback")])) }

    /// One callback or a list of them. Their tables are checked when their functions are looked for.
    public static var callbacks: Self {
        let one = ParameterType.either(.callback, .host("history"))
        return .named(callbacksName, .either(one, .list(one)))
    }

    private static let callbacksName = "callbacks"

    /// Whether it is that type: a script's tables of functions become callbacks before an item is made of them.
    package var isCallbacks: Bool { if case .named(Self.callbacksName, _) = self { true } else { false } }
}

extension ParameterType {
    /// Whether a plain table can be a value of this type, and whether it may then have named fields.
    package var takesTable: (sequence: Bool, fields: Bool) {
        switch self {
        case .any, .table, .shaped: (true, true)
        case .list, .tuple: (true, false)
        case .map, .record: (false, true)
        case .named(_, let type): type.takesTable
        case .union(let types):
            (types.contains { $0.takesTable.sequence }, types.contains { $0.takesTable.fields })
        case .boolean, .whole, .real, .string, .enumeration, .catalogue, .function, .host: (false, false)
        }
    }

    /// Whether values are single numbers, strings or booleans: where one is wanted, the wrong one itself says more than
    /// its type.
    package var isScalar: Bool {
        switch self {
        case .boolean, .whole, .real, .string, .enumeration, .catalogue: true
        case .union(let types): types.contains { $0.isScalar }
        case .named(_, let type): type.isScalar
        case .any, .function, .table, .shaped, .list, .map, .record, .host, .tuple: false
        }
    }
}
