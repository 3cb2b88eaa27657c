/// A LuaCATS definition file, read back.
struct StubText {
    /// Classes with their fields, in the order of the file.
    private(set) var fields: [String: [String]] = [:]
    /// The class that each one extends.
    private(set) var parents: [String: [String]] = [:]
    /// Functions and methods by their full names, `lune.dense` or `lune.model:fit`, with the names of their parameters.
    private(set) var functions: [String: [String]] = [:]
    /// Fields of tables that are given a value: `lune.version`, `lune.layers.dense`.
    private(set) var values: [String: String] = [:]
    private(set) var aliases: [String: [String]] = [:]
    /// The comments above each function.
    private(set) var comments: [String: String] = [:]
    /// Every name of a type that is used somewhere.
    private(set) var mentioned: Set<String> = []

    init(_ text: String) {
        var owner = ""
        var ownerOfVariable: [Substring: String] = [:]
        var comment = ""
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if let match = line.wholeMatch(of: /---@class ([\w.]+)(?:: (.+))?/) {
                owner = String(match.1)
                fields[owner] = []
                parents[owner] = match.2.map { $0.split(separator: ", ").map(String.init) } ?? []
            } else if let match = line.wholeMatch(of: /---@field (\[.+?\]|\w+)\?? (.+)/) {
                fields[owner]?.append(String(match.1))
                mention(match.2)
            } else if let match = line.wholeMatch(of: /---@alias ([\w.]+)(?: (.+))?/) {
                owner = String(match.1)
                aliases[owner] = []
                if let type = match.2 { mention(type) }
            } else if let match = line.wholeMatch(of: /---\| "(\w+)"/) {
                aliases[owner]?.append(String(match.1))
            } else if let match = line.wholeMatch(of: /local (\w+) = \{\}/) {
                ownerOfVariable[match.1] = owner
            } else if let match = line.wholeMatch(of: /function ([\w.]+)([.:])(\w+)\((.*)\) end/) {
                let name = (ownerOfVariable[match.1] ?? String(match.1)) + match.2 + match.3
                functions[name] = match.4.split(separator: ", ").map(String.init)
                comments[name] = comment
            } else if let match = line.wholeMatch(of: /([\w.]+) = (.+)/) {
                values[String(match.1)] = String(match.2)
            } else if line.hasPrefix("---@") {
                mention(line)
            }
            comment = line.hasPrefix("---") ? comment + line + "\n" : ""
        }
    }

    private mutating func mention(_ type: Substring) {
        let declared = type.prefix(upTo: type.firstRange(of: " # ")?.lowerBound ?? type.endIndex)
        for match in declared.matches(of: /lune\.[\w.]+/) { mentioned.insert(String(match.0)) }
    }
}
