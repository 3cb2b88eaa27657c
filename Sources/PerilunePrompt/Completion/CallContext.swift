internal import PeriluneBinding
internal import PeriluneItems
internal import PeriluneLuaRuntime

/// The table or parentheses that the cursor is in.
struct CallContext {
    /// The function that is being called, where it is known.
    var binding: Binding?
    /// What the value at the cursor is to be, where the binding says.
    var expected: ParameterType?
    /// Whether a field's name may be written at the cursor.
    var isAtKey = false
    /// The names of the fields that may be written here: options not given yet.
    var fieldNames: [String] = []
    /// Whether the table holds the functions of a callback.
    var isCallback = false

    /// - Parameters:
    ///   - tokens: the input before the word at the cursor.
    ///   - levels: how many brackets around the cursor are looked at. No call nests that deep, while a line of nothing
    ///     but brackets would fill the stack.
    init(_ tokens: [LuaToken], _ resolver: NameResolver, levels: Int = 32) {
        guard levels > 0, let open = Self.innermostOpening(tokens) else { return }
        let inside = Array(tokens[(open + 1)...])
        if tokens[open].is("(") {
            binding = Self.callee(Array(tokens[..<open]), resolver)
            let position = Self.commas(inside)
            if let positional = binding?.positional, positional.indices.contains(position), inside.last.isSeparator {
                expected = positional[position].type
            }
        } else if tokens[open].is("{") {
            enterTable(open, inside, tokens, resolver, levels)
        }
    }

    private mutating func enterTable(
        _ open: Int, _ inside: [LuaToken], _ tokens: [LuaToken], _ resolver: NameResolver, _ levels: Int
    ) {
        let before = Array(tokens[..<open])
        let fields: [Parameter]
        if let direct = Self.callee(before, resolver) {
            binding = direct
            fields = direct.parameters
        } else {
            let outer = CallContext(before, resolver, levels: levels - 1)
            isCallback = outer.expected?.isCallback ?? false
            fields = before.last.isSeparator || before.last?.is("=") == true ? outer.expected?.fields ?? [] : []
            if fields.isEmpty {
                expected = outer.expected?.element
                binding = Self.enclosingCall(before, resolver)
            }
        }
        let options = fields.isEmpty ? binding?.options ?? [] : fields
        isAtKey = inside.last.isSeparator
        if let assigned = inside.last, assigned.is("="), inside.count > 1 {
            let name = inside[inside.count - 2].text
            expected = options.first { $0.answers(to: name) }?.type
            isAtKey = false
        } else if !isAtKey {
            expected = nil
        }
        let given = Self.givenNames(inside)
        fieldNames = options.filter { option in !option.allNames.contains { given.contains($0) } }.flatMap(\.allNames)
    }

    /// The function whose arguments or options the bracket behind `tokens` opens.
    private static func callee(_ tokens: [LuaToken], _ resolver: NameResolver) -> Binding? {
        guard let last = tokens.last, last.kind == .name || last.is("]") || last.is(")") else { return nil }
        if case .function(let binding) = resolver.value(of: tokens) { return binding }
        return nil
    }

    /// The function in whose parentheses the tokens end.
    private static func enclosingCall(_ tokens: [LuaToken], _ resolver: NameResolver) -> Binding? {
        guard let open = innermostOpening(tokens), tokens[open].is("(") else { return nil }
        return callee(Array(tokens[..<open]), resolver)
    }

    private static func innermostOpening(_ tokens: [LuaToken]) -> Int? {
        var depth = 0
        for index in tokens.indices.reversed() where tokens[index].kind == .symbol {
            switch tokens[index].text {
            case ")", "]", "}": depth += 1
            case "(", "[", "{":
                if depth == 0 { return index }
                depth -= 1
            default: break
            }
        }
        return nil
    }

    /// The tokens that are in no bracket of their own.
    private static func outermost(_ tokens: [LuaToken]) -> [LuaToken] {
        var depth = 0
        return tokens.filter { token in
            guard token.kind == .symbol else { return depth == 0 }
            switch token.text {
            case "(", "[", "{": depth += 1
            case ")", "]", "}": depth -= 1
            default: return depth == 0
            }
            return false
        }
    }

    private static func commas(_ tokens: [LuaToken]) -> Int { outermost(tokens).count { $0.is(",") } }

    private static func givenNames(_ tokens: [LuaToken]) -> Set<String> {
        let outer = outermost(tokens)
        return Set(zip(outer, outer.dropFirst()).filter { $1.is("=") && $0.kind == .name }.map(\.0.text))
    }
}

extension LuaToken? {
    /// Whether a new field or argument begins behind it.
    fileprivate var isSeparator: Bool {
        guard let self else { return true }
        return self.is(",") || self.is(";") || self.is("{") || self.is("(")
    }
}
