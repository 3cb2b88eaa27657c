internal import PeriluneBinding
internal import PeriluneItems
internal import PeriluneLua
internal import PeriluneLuaRuntime

/// Finds out what `model.layers[1].kernel` or `lune.data.digits()` stands for, with no code of a script run: tables are
/// read raw, properties of objects are asked, and calls are known by what their binding returns.
struct NameResolver {
    private let state: LuaState
    private let environment: PromptEnvironment

    init(_ state: LuaState, _ environment: PromptEnvironment) {
        self.state = state
        self.environment = environment
    }

    /// The meaning of the expression at the end of `tokens`.
    func value(of tokens: [LuaToken]) -> Meaning {
        let start = Self.start(ofExpressionIn: tokens)
        return start < tokens.count ? forward(Array(tokens[start...])) : .nothing
    }

    // MARK: Where the expression begins

    /// The position of the first token of the name with suffixes that ends the tokens; their count where there is none.
    private static func start(ofExpressionIn tokens: [LuaToken]) -> Int {
        var index = tokens.count
        while index > 0 {
            let token = tokens[index - 1]
            switch token.kind {
            case .name:
                index -= 1
                guard index > 0, tokens[index - 1].is(".") || tokens[index - 1].is(":") else { return index }
                index -= 1
            case .string: index -= 1
            case .symbol where [")", "]", "}"].contains(token.text):
                guard let open = opening(before: index, in: tokens) else { return tokens.count }
                index = open
                // A parenthesis with nothing before it is where an expression may begin.
                let isFirst = index == 0 || !tokens[index - 1].endsOperand
                if token.is(")"), isFirst { return index }
            default: return tokens.count
            }
        }
        return tokens.count
    }

    /// The position of the bracket that the one before `end` closes.
    private static func opening(before end: Int, in tokens: [LuaToken]) -> Int? {
        var depth = 0
        for index in tokens[..<end].indices.reversed() where tokens[index].kind == .symbol {
            switch tokens[index].text {
            case ")", "]", "}": depth += 1
            case "(", "[", "{":
                depth -= 1
                if depth == 0 { return index }
            default: break
            }
        }
        return nil
    }

    // MARK: What it means

    private func forward(_ tokens: [LuaToken]) -> Meaning {
        guard let first = tokens.first else { return .nothing }
        var index = 1
        var meaning: Meaning
        if first.is("(") {
            index = Self.closing(of: 0, in: tokens) + 1
            let inner = Array(tokens[1..<max(1, index - 1)])
            meaning = inner.count == 1 && inner[0].kind == .string ? .value(.string(inner[0].text)) : value(of: inner)
        } else {
            meaning = named(first.text)
        }
        while index < tokens.count {
            let token = tokens[index]
            if token.is(".") || token.is(":"), index + 1 < tokens.count {
                meaning = member(tokens[index + 1].text, of: meaning)
                index += 2
            } else if token.is("[") {
                let end = Self.closing(of: index, in: tokens)
                meaning = element(Array(tokens[(index + 1)..<max(index + 1, end)]), of: meaning)
                index = end + 1
            } else {
                if first.text == "require", index == 1, token.kind == .string || token.is("(") {
                    meaning = module(tokens[token.is("(") && index + 1 < tokens.count ? index + 1 : index].text)
                } else {
                    meaning = called(meaning)
                }
                index = token.kind == .string ? index + 1 : Self.closing(of: index, in: tokens) + 1
            }
        }
        return meaning
    }

    private static func closing(of open: Int, in tokens: [LuaToken]) -> Int {
        var depth = 0
        for index in open..<tokens.count where tokens[index].kind == .symbol {
            switch tokens[index].text {
            case "(", "[", "{": depth += 1
            case ")", "]", "}":
                depth -= 1
                if depth == 0 { return index }
            default: break
            }
        }
        return tokens.count - 1
    }

    private func named(_ name: String) -> Meaning { known(environment[name]) }

    private func module(_ name: String) -> Meaning {
        if name == "perilune" { return known(.table(PeriluneModule.table(in: state))) }
        return known(state.globals["package"].table?["loaded"].table?[name] ?? .nil)
    }

    /// A value; the module and its functions are known again under whatever name.
    private func known(_ value: LuaValue) -> Meaning {
        switch value {
        case .nil: return .nothing
        case .table(let table):
            let whole = PeriluneModule.table(in: state)
            if value == .table(whole) { return .module(PeriluneModule.binding, whole) }
            for part in PeriluneModule.binding.modules where whole[part.name] == value { return .module(part, table) }
            return .value(value)
        case .function(let function) where function.place == nil:
            let whole = PeriluneModule.table(in: state)
            let binding = PeriluneModule.binding.functions.first { whole[$0.name] == value }
            return binding.map { .function($0) } ?? .value(value)
        default: return .value(value)
        }
    }

    private func member(_ name: String, of meaning: Meaning) -> Meaning {
        switch meaning {
        case .nothing, .function: return .nothing
        case .module(let module, let table):
            if let function = module.functions.first(where: { $0.name == name }) { return .function(function) }
            if let part = module.modules.first(where: { $0.name == name }) {
                return .module(part, table?[name].table)
            }
            return known(table?[name] ?? .nil)
        case .instance(let binding):
            if let method = binding.allMethods.first(where: { $0.name == name }) { return .function(method) }
            let property = binding.allProperties.first { $0.allNames.contains(name) }
            return property.flatMap { instance(of: $0.type) } ?? .nothing
        case .value(.table(let table)): return known(table.inherited(name))
        case .value(.object(let object)): return member(name, of: object)
        case .value: return .nothing
        }
    }

    private func member(_ name: String, of object: AnyObject) -> Meaning {
        guard let binding = state.binding(of: object) else { return .nothing }
        if let method = binding.allMethods.first(where: { $0.name == name }) { return .function(method) }
        if let property = binding.allProperties.first(where: { $0.allNames.contains(name) }) {
            return (try? property.read(object, state)).map(known) ?? instance(of: property.type) ?? .nothing
        }
        guard binding.fieldNames?(object).contains(name) == true, let index = binding.index else { return .nothing }
        return ((try? index(object, .string(name), state)) ?? nil).map(known) ?? .nothing
    }

    private func element(_ key: [LuaToken], of meaning: Meaning) -> Meaning {
        guard case .value(.table(let table)) = meaning, let token = key.first, key.count == 1 else { return .nothing }
        switch token.kind {
        case .number: return Int(token.text).map { known(table[$0]) } ?? .nothing
        case .string: return known(table[token.text])
        case .name:
            switch environment[token.text] {
            case .integer(let index): return known(table[index])
            case .string(let name): return known(table[name])
            default: return .nothing
            }
        case .keyword, .symbol, .end: return .nothing
        }
    }

    private func called(_ meaning: Meaning) -> Meaning {
        guard case .function(let binding) = meaning, let result = binding.result else { return .nothing }
        return instance(of: result) ?? .nothing
    }

    private func instance(of type: ParameterType) -> Meaning? {
        switch type {
        case .host(let name): return PeriluneModule.binding.classes.first { $0.name == name }.map { .instance($0) }
        case .union(let types): return types.lazy.compactMap { instance(of: $0) }.first
        case .named(_, let type): return instance(of: type)
        default: return nil
        }
    }
}

extension LuaToken {
    /// Whether an operand can end here, so that a bracket behind it belongs to it.
    fileprivate var endsOperand: Bool {
        kind == .name || kind == .string || self.is(")") || self.is("]") || self.is("}")
    }
}
