/// One parameter of a binding: what it is called, what it takes, and what it means.
public struct Parameter: Sendable {
    /// What stands for a value that was not given.
    public enum Default: Sendable, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
        ExpressibleByStringLiteral
    {
        case boolean(Bool)
        case integer(Int)
        case number(Double)
        case string(String)
        /// No value; help shows the text: "as many as there are cores".
        case shown(String)

        public init(booleanLiteral value: Bool) { self = .boolean(value) }
        public init(integerLiteral value: Int) { self = .integer(value) }
        public init(floatLiteral value: Double) { self = .number(value) }
        public init(stringLiteral value: String) { self = .string(value) }
    }

    public let name: String
    public let type: ParameterType
    /// Other spellings that are taken, Keras's among them.
    public let aliases: [String]
    /// Whether a call without it is an error.
    public let isRequired: Bool
    public let defaultValue: Default?
    /// One line of explanation.
    public let help: String

    private init(
        _ name: String, _ type: ParameterType, aliases: [String], isRequired: Bool, defaultValue: Default?, help: String
    ) {
        self.name = name
        self.type = type
        self.aliases = aliases
        self.isRequired = isRequired
        self.defaultValue = defaultValue
        self.help = help
    }

    /// A parameter that has to be given.
    public static func required(_ name: String, _ type: ParameterType, aliases: [String] = [], _ help: String) -> Self {
        Self(name, type, aliases: aliases, isRequired: true, defaultValue: nil, help: help)
    }

    /// A parameter that may be left out, or be nil.
    public static func optional(
        _ name: String, _ type: ParameterType, default defaultValue: Default? = nil, aliases: [String] = [],
        _ help: String
    ) -> Self {
        Self(name, type, aliases: aliases, isRequired: false, defaultValue: defaultValue, help: help)
    }

    /// The name and its aliases.
    public var allNames: [String] { [name] + aliases }

    package func answers(to name: String) -> Bool {
        self.name == name || aliases.contains(name)
    }
}

extension Parameter.Default {
    /// The default as help shows it.
    public var text: String {
        switch self {
        case .shown(let text): text
        case .string(let value): "\"\(value)\""
        case .number(let value): NumberRange.text(value)
        case .integer(let value): String(value)
        case .boolean(let value): value ? "true" : "false"
        }
    }
}
