import PeriluneGraph
import PeriluneItems

/// A value as a script wrote it.
public enum DirectiveValue: Hashable, Sendable {
    case boolean(Bool)
    case number(Double)
    case string(String)
    case table([Entry])
    /// Anything else, by the name of its type.
    case other(String)

    /// A key and its value.
    public struct Entry: Hashable, Sendable {
        public var key: String
        public var value: DirectiveValue

        public init(_ key: String, _ value: DirectiveValue) {
            self.key = key
            self.value = value
        }
    }

    /// The value in an error message: `the string "fast"`, `-1.0`, `a function`.
    public var description: String {
        switch self {
        case .boolean(let value): String(value)
        case .number(let value): "\(value)"
        case .string(let text): "the string \"\(text)\""
        case .table: "a table"
        case .other(let type): "a \(type)"
        }
    }
}

extension Directive {
    /// The keys of a directive besides the hyper-parameters of the optimizer.
    public static let keys = [
        "stop", "now", "lr", "learning_rate", "lr_scale", "skip", "end_epoch", "validate", "freeze", "unfreeze",
        "epochs", "batch_size", "accumulate", "save", "restore", "pause", "log",
    ]

    /// The directives that are a single word.
    public static let words = ["stop", "pause"]

    /// A directive that is a single word: `stop` or `pause`.
    public init(word: String) throws(DirectiveError) {
        self.init()
        switch word {
        case "stop": stop = Stop()
        case "pause": pause = true
        case _:
            throw DirectiveError(
                key: word,
                "unknown directive '\(word)'\(NearestName.hint(word, among: Directive.words)); "
                    + "the words are 'stop' and 'pause'")
        }
    }

    /// A directive from keys and values.
    /// - Parameter hyperparameters: the names that the optimizer has.
    /// - Throws: `DirectiveError` for an unknown key, with the nearest name, a wrong type, or a value out of range.
    public init(_ entries: [DirectiveValue.Entry], hyperparameters names: [String]) throws(DirectiveError) {
        self.init()
        var now = false
        for entry in entries {
            let (key, value) = (entry.key, entry.value)
            switch key {
            case "stop": stop = try Directive.stop(from: value)
            case "now": now = try Directive.boolean(key, value)
            case "lr_scale": learningRateScale = try Directive.number(key, value)
            case "skip": skip = try Directive.boolean(key, value)
            case "end_epoch": endEpoch = try Directive.boolean(key, value)
            case "validate": validate = try Directive.boolean(key, value)
            case "freeze": freeze = try Directive.patterns(key, value)
            case "unfreeze": unfreeze = try Directive.patterns(key, value)
            case "epochs": epochs = try Directive.count(key, value)
            case "batch_size": batchSize = try Directive.count(key, value)
            case "accumulate": accumulate = try Directive.count(key, value)
            case "save": save = try Directive.paths(key, value)
            case "restore": restore = try Directive.restore(from: value)
            case "pause": pause = try Directive.boolean(key, value)
            case "log": log = try Directive.numbers(key, value)
            case "lr", "learning_rate":
                hyperparameters.append(Setting("learning_rate", try Directive.number(key, value)))
            case _ where names.contains(key):
                hyperparameters.append(Setting(key, try Directive.number(key, value)))
            case _:
                let known = Directive.keys + names
                let hint = NearestName.hint(key, among: known)
                throw DirectiveError(
                    key: key,
                    "unknown key '\(key)'\(hint.isEmpty ? "; keys are \(known.joined(separator: ", "))" : hint)")
            }
        }
        if now {
            guard stop != nil else {
                throw DirectiveError(key: "now", "'now' goes with stop: { stop = true, now = true }")
            }
            stop?.now = true
        }
        try check()
    }

    private static func stop(from value: DirectiveValue) throws(DirectiveError) -> Stop? {
        switch value {
        case .boolean(let wanted): wanted ? Stop() : nil
        case .string(let reason): Stop(reason: reason)
        case .number, .table, .other:
            throw DirectiveError(key: "stop", "'stop' must be true or a reason, got \(value.description)")
        }
    }

    private static func boolean(_ key: String, _ value: DirectiveValue) throws(DirectiveError) -> Bool {
        guard case .boolean(let result) = value else {
            throw DirectiveError(key: key, "'\(key)' must be true or false, got \(value.description)")
        }
        return result
    }

    private static func number(_ key: String, _ value: DirectiveValue) throws(DirectiveError) -> Double {
        guard case .number(let result) = value else {
            throw DirectiveError(key: key, "'\(key)' must be a number, got \(value.description)")
        }
        return result
    }

    private static func count(_ key: String, _ value: DirectiveValue) throws(DirectiveError) -> Int {
        guard case .number(let number) = value, let result = Int(exactly: number), result > 0 else {
            throw DirectiveError(key: key, "'\(key)' must be a whole number of 1 or more, got \(value.description)")
        }
        return result
    }

    private static func patterns(_ key: String, _ value: DirectiveValue) throws(DirectiveError) -> [String] {
        switch value {
        case .string(let pattern): return [pattern]
        case .table(let entries):
            var patterns: [String] = []
            for entry in entries {
                guard case .string(let pattern) = entry.value else {
                    throw DirectiveError(key: key, "'\(key)' must list patterns, got \(entry.value.description)")
                }
                patterns.append(pattern)
            }
            return patterns
        case .boolean, .number, .other:
            throw DirectiveError(
                key: key, "'\(key)' must be a pattern of layer names such as \"conv*\", got \(value.description)")
        }
    }

    private static func numbers(_ key: String, _ value: DirectiveValue) throws(DirectiveError) -> [Setting] {
        guard case .table(let entries) = value else {
            throw DirectiveError(key: key, "'\(key)' must be a table of numbers, got \(value.description)")
        }
        var settings: [Setting] = []
        for entry in entries { settings.append(Setting(entry.key, try Logs.number(entry.value, for: entry.key))) }
        return settings
    }
}

extension Logs {
    /// The number that a script's value stands for in logs: a number, or a boolean as 1 or 0.
    /// - Throws: `DirectiveError` for anything else.
    public static func number(_ value: DirectiveValue, for name: String) throws(DirectiveError) -> Double {
        switch value {
        case .number(let number): number
        case .boolean(let flag): flag ? 1 : 0
        case .string, .table, .other:
            throw DirectiveError(key: name, "logs take numbers and booleans; '\(name)' is \(value.description)")
        }
    }
}
