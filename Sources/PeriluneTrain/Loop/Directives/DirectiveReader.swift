/// Reads the value of one key of a directive.
struct DirectiveReader {
    let key: String
    let value: DirectiveValue
}

// Each throws `DirectiveError` where the value is of another type.
extension DirectiveReader {
    private func error(_ rule: String) -> DirectiveError {
        DirectiveError(key: key, "'\(key)' must \(rule), got \(value.description)")
    }

    func boolean() throws(DirectiveError) -> Bool {
        guard case .boolean(let result) = value else { throw error("be true or false") }
        return result
    }

    func number() throws(DirectiveError) -> Double {
        guard case .number(let result) = value else { throw error("be a number") }
        return result
    }

    /// A whole number of 1 or more.
    func count() throws(DirectiveError) -> Int {
        guard case .number(let number) = value, let result = Int(exactly: number), result > 0 else {
            throw error("be a whole number of 1 or more")
        }
        return result
    }

    /// `true`, a reason, or `false` for no stop.
    func stop() throws(DirectiveError) -> Wish.Stop? {
        switch value {
        case .boolean(let wanted): return wanted ? Wish.Stop() : nil
        case .string(let reason): return Wish.Stop(reason: reason)
        case .number, .table, .other: throw error("be true or a reason")
        }
    }

    /// One pattern of layer names, or a list of them.
    func patterns() throws(DirectiveError) -> [String] {
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
        case .boolean, .number, .other: throw error("be a pattern of layer names such as \"conv*\"")
        }
    }

    /// One path to write to, or a list of them.
    func paths() throws(DirectiveError) -> [String] {
        let values: [DirectiveValue] = if case .table(let entries) = value { entries.map(\.value) } else { [value] }
        var paths: [String] = []
        for value in values {
            guard case .string(let path) = value, !path.isEmpty else {
                throw DirectiveError(
                    key: key, "'\(key)' must be the path of a file or folder to write to, got \(value.description)")
            }
            paths.append(path)
        }
        return paths
    }

    /// `"best"`, `"last"`, a path, the number of an epoch, or `{ from = …, weights_only = true }`.
    func restore() throws(DirectiveError) -> Wish.Restore {
        switch value {
        case .string("best"): return .init(.best)
        case .string("last"): return .init(.last)
        case .string(let path) where !path.isEmpty: return .init(.path(path))
        case .number(let number):
            guard let epoch = Int(exactly: number), epoch >= 1 else {
                throw DirectiveError(key: key, "'\(key)' takes the number of an epoch, from 1, got \(number)")
            }
            return .init(.epoch(epoch))
        case .table(let entries):
            var (result, weightsOnly): (Wish.Restore?, Bool) = (nil, false)
            for entry in entries {
                switch (entry.key, entry.value) {
                // A table in a table is no source.
                case ("from", .table): result = nil
                case ("from", let source): result = try DirectiveReader(key: key, value: source).restore()
                case ("weights_only", .boolean(let only)): weightsOnly = only
                case _:
                    throw DirectiveError(
                        key: key, "'\(key)' takes { from = …, weights_only = true }, got \(entry.key)")
                }
            }
            guard var result else { throw DirectiveError(key: key, "'\(key)' needs 'from'") }
            result.weightsOnly = weightsOnly
            return result
        case .string, .boolean, .other: throw error("be \"best\", \"last\", a path or the number of an epoch")
        }
    }

    /// Numbers by name.
    func numbers() throws(DirectiveError) -> [Wish.Setting] {
        guard case .table(let entries) = value else { throw error("be a table of numbers") }
        var settings: [Wish.Setting] = []
        for entry in entries { settings.append(.init(entry.key, try Logs.number(entry.value, for: entry.key))) }
        return settings
    }
}
