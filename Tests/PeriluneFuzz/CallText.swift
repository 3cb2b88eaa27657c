import PeriluneBinding
import PeriluneItems
import PeriluneLua

/// Random statements that use the module, made from the table of its bindings: a new binding is fuzzed with no change
/// here.
struct CallText {
    var values: ValueText
    private let functions: [(path: String, binding: Binding)]
    private let classes = PeriluneModule.binding.classes

    init(random: SplitMix) {
        values = ValueText(random: random)
        functions = Self.functions(of: PeriluneModule.binding, "lune")
    }

    private static func functions(of module: ModuleBinding, _ path: String) -> [(String, Binding)] {
        module.functions.map { ("\(path).\($0.name)", $0) }
            + module.modules.flatMap { functions(of: $0, "\(path).\($0.name)") }
    }

    /// How many functions, methods and properties there are.
    var bindingCount: Int {
        functions.count + classes.reduce(0) { $0 + $1.allMethods.count + $1.allProperties.count }
    }

    /// One statement; the objects that it gives are returned.
    mutating func next() -> String {
        switch values.random.below(20) {
        case 0: return model()
        case 1: return method(of: "model")
        case 2...7:
            guard let (path, binding) = values.random.pick(functions) else { return "" }
            return "return \(path)" + arguments(binding)
        case 8...14: return method(of: values.random.pick(classes.map(\.name)))
        case 15...17: return property()
        default: return operation()
        }
    }

    /// A new model of those random layers that fit, trained for a moment.
    private mutating func model() -> String {
        values.wildness = 0.15
        defer { values.wildness = 1 }
        let shape = values.random.pick(["{ 4 }", "{ 5, 3 }", "{ 6, 6, 1 }", "{ 4, 4, 4, 2 }", "{ 7, 5, 2 }", "{ 1 }"])
        let layers = (0...values.random.below(4)).map { _ in made(by: "layers") }
        return "return train(\(shape), { \(layers.joined(separator: ", ")) }, \(made(by: "optimizers")), "
            + "\(made(by: "losses")), \(made(by: "metrics")), \(options(of: "model", "fit")))"
    }

    /// A Lua function that calls a random function of a module.
    private mutating func made(by module: String) -> String {
        let list = functions.filter { $0.path.hasPrefix("lune.\(module).") }
        guard let (path, binding) = values.random.pick(list) else { return "print" }
        return "function() return \(path)\(arguments(binding)) end"
    }

    private mutating func options(of owner: String, _ method: String) -> String {
        let binding = classes.first { $0.name == owner }?.allMethods.first { $0.name == method }
        return binding.map { options($0.options) } ?? "{}"
    }

    private mutating func method(of name: String?) -> String {
        guard let owner = classes.first(where: { $0.name == name }), let method = values.random.pick(owner.allMethods)
        else { return operation() }
        let receiver = values.random.chance(0.97) ? values.host(owner.name) : values.odd()
        return "local o = \(receiver) local f = \(values.host(owner.name)).\(method.name) "
            + "return f" + arguments(method, receiver: "o")
    }

    private mutating func property() -> String {
        guard let owner = values.random.pick(classes), let property = values.random.pick(owner.allProperties) else {
            return operation()
        }
        let object = values.host(owner.name)
        let name = values.random.pick([property.name] + property.aliases)
        if !property.isWritable && values.random.chance(0.9) || values.random.chance(0.5) {
            return "return \(object).\(name)"
        }
        return "\(object).\(name) = \(values.value(of: property.type))"
    }

    private mutating func operation() -> String {
        let (a, b) = (values.object(), values.random.chance(0.5) ? values.object() : values.odd())
        let text = values.random.pick([
            "return A + B", "return B - A", "return A * B", "return A / B", "return A ^ B", "return A % B",
            "return A // B",
            "return -A", "return #A", "return A .. B", "return A == B", "return A < B", "return B <= A", "return A(B)",
            "return A()", "return A(B, B)", "return tostring(A)", "for k, v in pairs(A) do return v end", "return A[B]",
            "A[B] = B", "A.x = B", "return A.trainable", "local t <close> = A return 1", "return ipairs(A)",
            "return A:nothing()",
            "return next(A)", "return setmetatable(A, {})", "return getmetatable(A).__gc(A)",
            "return A[{ { 1, 2 }, 1 }]",
            "return A[{ B, B }]", "print(A, B)", "return #tostring(A)", "return string.format('%s %d', A, B)",
        ])
        return text.replacing("A", with: "(\(a))").replacing("B", with: "(\(b))")
    }

    /// The arguments of a call: positional ones, options, or all in one table.
    private mutating func arguments(_ binding: Binding, receiver: String? = nil) -> String {
        var given: [String] = receiver.map { [$0] } ?? []
        for parameter in binding.positional {
            if !parameter.isRequired, values.random.chance(0.3) { break }
            given.append(values.value(of: parameter.type))
        }
        if let rest = binding.rest {
            for _ in 0..<values.random.below(4) { given.append(values.value(of: rest.type)) }
        } else if values.random.chance(0.7), !binding.options.isEmpty {
            given.append(options(binding.options))
        }
        if values.random.chance(0.03 * values.wildness) { given.append(values.odd()) }
        if values.random.chance(0.03 * values.wildness), given.count > 1 { given.removeLast() }
        return "(" + given.joined(separator: ", ") + ")"
    }

    private mutating func options(_ parameters: [Parameter]) -> String {
        var fields: [String] = []
        for parameter in parameters {
            guard values.random.chance(parameter.isRequired ? 0.97 : min(0.5, 3 / Double(parameters.count))) else {
                continue
            }
            // Silence keeps the log of a fuzzing run readable.
            let value =
                parameter.name == "verbose" && values.random.chance(0.9)
                ? "0" : values.value(of: parameter.type, typed: 0.85)
            fields.append("\(values.random.pick(parameter.allNames)) = \(value)")
        }
        if values.random.chance(0.02 * values.wildness) {
            fields.append("\(values.random.pick(["nothing", "lr", "name"])) = \(values.odd())")
        }
        return "{ " + fields.joined(separator: ", ") + " }"
    }

    /// A short fit with a random callback of the library, one of the script's, and now and then one more. `besides` are
    /// functions that make others.
    mutating func fit(besides others: String...) -> String {
        let list = functions.filter { $0.path.hasPrefix("lune.callbacks.") || $0.path == "lune.on" }
        var callbacks = others
        repeat {
            guard let (path, binding) = values.random.pick(list) else { return "" }
            values.wildness = values.random.pick([0.1, 0.5, 1]) ?? 1
            callbacks.append("function() return \(path)\(arguments(binding)) end")
        } while values.random.chance(0.3)
        values.wildness = 1
        if values.random.chance(0.6) { callbacks.append("function() return \(values.eventTable()) end") }
        let resume = values.random.pick([
            "", "", "resume = 'folder',", "resume = '\(values.random.pick(FuzzPool.strings))',",
        ])
        let validation = values.random.pick(["validation = P.dataset[1],", "validation = 0.3,", ""])
        return
            "return P.model[\(1 + values.random.below(2) * 3)]:fit(P.dataset[1], "
            + "{ epochs = \(1 + values.random.below(4)), "
            + "batch_size = \(2 + values.random.below(5)), verbose = 0, \(resume) \(validation) "
            + "callbacks = made { \(callbacks.joined(separator: ", ")) } })"
    }
}
