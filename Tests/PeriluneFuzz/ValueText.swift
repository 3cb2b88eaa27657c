import PeriluneBinding
import PeriluneItems
import PeriluneLua

/// Random Lua expressions.
struct ValueText {
    var random: SplitMix
    /// From 0 to 1: how often values do not fit, or are extreme.
    var wildness = 1.0

    /// An expression for a parameter: half of them fit its type, so that calls get past the checks of arguments.
    mutating func value(of type: ParameterType, typed probability: Double = 0.8) -> String {
        random.chance(1 - (1 - probability) * wildness) ? fitting(type, depth: 0) : odd()
    }

    /// Any value at all.
    mutating func odd() -> String {
        if random.chance(0.15) { return object() }
        if random.chance(0.05) { return function() }
        if random.chance(0.1) { return "{" + (0..<random.below(4)).map { _ in odd() }.joined(separator: ", ") + "}" }
        return random.pick(FuzzPool.oddValues)
    }

    /// A host object of any class.
    mutating func object() -> String {
        host(random.pick(PeriluneModule.binding.classes.map(\.name)))
    }

    mutating func host(_ name: String) -> String {
        "pick('\(name)', \(random.below(1 << 20)))"
    }

    mutating func function() -> String {
        "(\(random.pick(FuzzPool.functions)))"
    }

    private mutating func fitting(_ type: ParameterType, depth: Int) -> String {
        switch type {
        case .any: return odd()
        case .boolean: return random.chance(0.5) ? "true" : "false"
        case .whole(let range): return whole(range)
        case .real(let range): return real(range)
        case .string: return "'" + random.pick(FuzzPool.strings) + "'"
        case .enumeration(let names): return "'" + random.pick(names) + "'"
        case .catalogue(let kind, let names): return catalogued(kind) ?? "'" + random.pick(names) + "'"
        case .shaped(let name):
            return random.chance(0.8) ? callbacks(isList: name.contains("callbacks")) : table(depth)
        case .function: return function()
        case .table: return table(depth)
        case .list(let element, let count): return list(element, count, depth)
        case .map(let element):
            let names = ["a", "loss", "output", "dense", "1"].prefix(random.below(4))
            return "{" + names.map { "['\($0)'] = \(fitting(element, depth: depth + 1))" }.joined(separator: ", ") + "}"
        case .record(let fields): return record(fields, depth)
        case .host(let name): return host(name)
        case .union(let types):
            guard let picked = random.pick(types) else { return "nil" }
            return fitting(picked, depth: depth)
        case .named(let name, let type):
            if name.hasPrefix("callback"), random.chance(0.8) { return callbacks(isList: name == "callbacks") }
            if name == "data", random.chance(0.7) { return host(random.chance(0.8) ? "dataset" : "tensor") }
            return fitting(type, depth: depth)
        case .tuple(let types):
            return "{" + types.map { fitting($0, depth: depth + 1) }.joined(separator: ", ") + "}"
        }
    }

    /// One of a module's functions, by name or called: an activation, a loss, …
    private mutating func catalogued(_ name: String) -> String? {
        let modules = PeriluneModule.binding.modules
        guard let module = modules.first(where: { $0.name == name + "s" || $0.name == name + "es" }),
            let function = random.pick(module.functions)
        else { return nil }
        return random.chance(0.7) ? "'\(function.name)'" : "lune.\(module.name).\(function.name)()"
    }

    private mutating func whole(_ range: ClosedRange<Int>) -> String {
        let near =
            range.lowerBound > -1_000_000 ? range.lowerBound : range.upperBound < 1_000_000 ? range.upperBound - 6 : -3
        let candidates: [Int]
        switch random.chance(wildness) ? random.below(20) : 19 {
        case 0: candidates = [range.lowerBound, range.upperBound]
        case 1: candidates = [.max, .max - 1, .min, .min + 1, 1 << 31, 1 << 32, 1 << 53, 1 << 62]
        case 2: candidates = [100, 128, 1000]
        default: candidates = Array(near...near + 8)
        }
        guard let picked = random.pick(candidates.filter(range.contains)) else { return "\(range.lowerBound)" }
        return picked == .min ? "math.mininteger" : random.chance(0.05) ? "\(Double(picked))" : "\(picked)"
    }

    private mutating func real(_ range: NumberRange) -> String {
        let ends = [range.lowest, range.highest].compactMap { $0 }
        var candidates = ends + ends.map(\.nextUp) + ends.map(\.nextDown) + [0.5, 0.1, 0.9, 1, 2, 3, 1e-3]
        if random.chance(0.2 * wildness) {
            candidates = [1e-300, 1e300, -1e300, .leastNonzeroMagnitude, 3.5e38, 1e18, 1e19, -1e19, -0.0, 1e9]
        }
        if range.allowsNonFinite, random.chance(0.2) { return random.pick(["0/0", "1/0", "-1/0"]) }
        return random.pick(candidates).map { "\($0)" } ?? "1.0"
    }

    private mutating func list(_ element: ParameterType, _ count: ClosedRange<Int>, _ depth: Int) -> String {
        if depth > 3 { return "{}" }
        let most = min(count.upperBound, count.lowerBound + 4)
        let length = min(count.lowerBound, 8) + random.below(most - count.lowerBound + 1)
        return "{" + (0..<length).map { _ in fitting(element, depth: depth + 1) }.joined(separator: ", ") + "}"
    }

    private mutating func record(_ fields: [Parameter], _ depth: Int) -> String {
        var parts: [String] = []
        for field in fields where field.isRequired || random.chance(0.3) {
            parts.append("\(random.pick(field.allNames)) = \(fitting(field.type, depth: depth + 1))")
        }
        return "{" + parts.joined(separator: ", ") + "}"
    }

    private mutating func table(_ depth: Int) -> String {
        if depth > 2 || random.chance(0.5) { return random.pick(["{}", "{1, 2}", "{a = 1}", "{[0] = 1, [1] = 2}"]) }
        return "{"
            + (0..<random.below(3)).map { _ in "[\(random.pick(["1", "'a'", "0", "2"]))] = \(odd())" }
            .joined(separator: ", ") + "}"
    }

    private mutating func callbacks(isList: Bool) -> String {
        func one(_ text: inout ValueText) -> String {
            switch text.random.below(5) {
            case 0: return text.host("callback")
            case 1: return "P.instance"
            default: return text.eventTable()
            }
        }
        if !isList { return one(&self) }
        return "{" + (0..<random.below(3)).map { _ in one(&self) }.joined(separator: ", ") + "}"
    }

    /// A table of functions for events.
    mutating func eventTable() -> String {
        let events = (0...random.below(2)).map { _ in random.pick(FuzzPool.events) }
        return "{" + events.map { "on_\($0) = \(handler())" }.joined(separator: ", ") + "}"
    }

    /// A function for an event: returns a directive, writes to the logs, or does something rash.
    mutating func handler() -> String {
        switch random.below(4) {
        case 0: return function()
        case 1: return "function(a, b, c) local l = type(a) == 'table' and a or b l.score = \(odd()) end"
        default:
            let fields = (0...random.below(2)).map { _ -> String in
                let key = random.pick(FuzzPool.directives)
                let value =
                    random.chance(0.6)
                    ? random.pick(["1", "2", "0.5", "true", "'*'", "'why'", "1e-3", "{ score = 1 }", "{'d*'}"]) : odd()
                return "\(key) = \(value)"
            }
            return "function() return { \(fields.joined(separator: ", ")) } end"
        }
    }
}
