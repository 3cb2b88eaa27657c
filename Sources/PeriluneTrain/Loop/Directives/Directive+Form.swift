import PeriluneItems

// A directive as keys and values: the one form that scripts write and files keep.
extension Directive {
    /// The keys of a directive besides the hyper-parameters of the optimizer.
    public static let keys = DirectiveKey.allCases.map(\.rawValue)

    /// The directives that are a single word.
    public static let words = [DirectiveKey.stop.rawValue, DirectiveKey.pause.rawValue]

    /// A directive that is a single word: `stop` or `pause`.
    /// - Throws: `DirectiveError` for another word, with the nearest one.
    public init(word: String) throws(DirectiveError) {
        guard Directive.words.contains(word), let key = DirectiveKey(rawValue: word) else {
            throw DirectiveError(
                key: word,
                "unknown directive '\(word)'\(NearestName.hint(word, among: Directive.words)); "
                    + "the words are 'stop' and 'pause'")
        }
        self.init(try key.wishes(.boolean(true)))
    }

    /// A directive from keys and values.
    /// - Parameters:
    ///   - names: the hyper-parameters that the optimizer has.
    ///   - read: reads the value of an entry. It is called only for keys that are known.
    /// - Throws: `DirectiveError` for an unknown key, with the nearest name, a wrong type, or a value out of range; and
    ///   whatever `read` throws.
    public init<Value>(
        _ entries: some Sequence<(key: String, value: Value)>, hyperparameters names: [String],
        reading read: (Value) throws -> DirectiveValue
    ) throws {
        self.init()
        var now = false
        for (name, value) in entries {
            if let key = DirectiveKey(rawValue: name) {
                let value = try read(value)
                if key == .now { now = try DirectiveReader(key: name, value: value).boolean() }
                wishes += try key.wishes(value)
            } else if names.contains(name) {
                wishes.append(.set(name, try DirectiveReader(key: name, value: read(value)).number()))
            } else {
                throw Directive.unknownKey(name, names)
            }
        }
        if now {
            guard var stop else {
                throw DirectiveError(key: "now", "'now' goes with stop: { stop = true, now = true }")
            }
            stop.now = true
            wishes = [.stop(stop)] + withoutStops().wishes
        }
        for wish in wishes { try wish.check() }
    }

    /// A directive from keys and values that have been read.
    /// - Throws: as the other.
    public init(_ entries: [DirectiveValue.Entry], hyperparameters names: [String]) throws {
        try self.init(entries.lazy.map { ($0.key, $0.value) }, hyperparameters: names) { value in value }
    }

    /// The directive as keys and values, in the order of the keys: what `init` makes the same wishes of.
    public var entries: [DirectiveValue.Entry] {
        var entries: [DirectiveValue.Entry] = []
        for entry in wishes.flatMap(\.entries) {
            let known = entries.firstIndex { $0.key == entry.key }
            // Lists and tables of several wishes are written as one.
            if let known, case .table(let earlier) = entries[known].value, case .table(let more) = entry.value {
                let isList = earlier.first?.key == "1"
                let added = isList ? more.map { .init(String(earlier.count + 1), $0.value) } : more
                entries[known].value = .table(earlier + added)
            } else {
                entries.append(entry)
            }
        }
        return entries
    }

    private static func unknownKey(_ key: String, _ names: [String]) -> DirectiveError {
        let known = Directive.keys + names
        let hint = NearestName.hint(key, among: known)
        return DirectiveError(
            key: key, "unknown key '\(key)'\(hint.isEmpty ? "; keys are \(known.joined(separator: ", "))" : hint)")
    }
}
