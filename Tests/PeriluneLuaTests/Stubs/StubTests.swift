import Perilune
import PeriluneItems
import Testing

@testable import PeriluneBinding
@testable import PeriluneLua

/// The definition files hold what the bindings hold, no more and no less.
@Suite struct StubTests {
    private static let module = PeriluneModule.binding
    private static let files = PeriluneModule.stubFiles
    private static let text = files.first { $0.path == "library/perilune.lua" }?.text ?? ""
    private static let stubs = StubText(text)

    /// Modules by their path, `lune.data`.
    private static let modules: [(path: String, module: ModuleBinding)] =
        [("lune", module)] + module.modules.map { ("lune.\($0.name)", $0) }

    @Test func `Every function of a module is there, and nothing else`() {
        var expected: Set<String> = []
        for (path, module) in Self.modules { expected.formUnion(module.functions.map { "\(path).\($0.name)" }) }
        #expect(expected.count > 150)
        let aliased = Self.stubs.values.filter { $0.value.hasPrefix("lune.") }
        let written = Set(Self.stubs.functions.keys.filter { !$0.contains(":") }).union(aliased.keys)
        #expect(written == expected)
        for (name, target) in aliased { #expect(Self.stubs.functions[target] != nil, "\(name) is \(target)") }
    }

    @Test func `Every class, property and method is there, and nothing else`() {
        var methods: Set<String> = []
        for binding in Self.module.classes {
            let name = "lune.\(binding.name)"
            methods.formUnion(binding.methods.map { "\(name):\($0.name)" })
            #expect(Self.stubs.parents[name] == binding.parents.map { "lune.\($0.name)" })
            let fields = Self.stubs.fields[name] ?? []
            #expect(fields.filter { !$0.hasPrefix("[") } == binding.properties.flatMap(\.allNames), "\(name)")
            #expect(fields.contains { $0.hasPrefix("[") } == (binding.indexTypes != nil), "\(name)")
            // What can be indexed says with what.
            let inherited = binding.parents.contains { $0.index != nil }
            #expect(binding.index == nil || binding.indexTypes != nil || inherited, "\(name)")
        }
        #expect(methods.count > 60)
        #expect(Set(Self.stubs.functions.keys.filter { $0.contains(":") }) == methods)
    }

    @Test func `Every parameter and option is there, and nothing else`() {
        var bindings: [(String, Binding)] = []
        for (path, module) in Self.modules { bindings += module.functions.map { ("\(path).\($0.name)", $0) } }
        for binding in Self.module.classes {
            bindings += binding.methods.map { ("lune.\(binding.name):\($0.name)", $0) }
        }
        for (name, binding) in bindings {
            let name = Self.stubs.values[name] ?? name
            let type = name.map { $0 == ":" ? "." : $0 }.reduce(into: "") { $0.append($1) }
            #expect(Self.stubs.fields[type + ".options"] ?? [] == binding.options.flatMap(\.allNames), "\(name)")
            let parameters =
                binding.positional.map(\.name) + (binding.options.isEmpty ? [] : ["options"])
                + (binding.rest == nil ? [] : ["..."])
            #expect(Self.stubs.functions[name] == parameters, "\(name)")
            let comment = Self.stubs.comments[name] ?? ""
            let returns = comment.split(separator: "\n").count { $0.hasPrefix("---@return") }
            #expect(returns == (binding.result == nil ? 0 : 1) + binding.furtherResults.count, "\(name)")
            #expect(comment.contains("--- " + binding.help.split(separator: "\n")[0]), "\(name)")
            guard !binding.positional.isEmpty, binding.rest == nil else { continue }
            let named = (Self.stubs.fields[type + ".arguments"] ?? []).filter { !$0.hasPrefix("[") }
            #expect(named == binding.positional.flatMap(\.allNames), "\(name)")
            #expect(comment.contains("arguments: \(type).arguments)"), "\(name)")
        }
    }

    @Test func `Every constant is there, and every type that is mentioned`() {
        for constant in Self.module.constants {
            #expect(Self.stubs.values["lune.\(constant.name)"] == constant.value.text)
        }
        let known = Set(Self.stubs.fields.keys).union(Self.stubs.aliases.keys)
        #expect(Self.stubs.mentioned.subtracting(known) == [])
    }

    @Test(arguments: [
        ("loss", ["mse", "sparse_categorical_crossentropy"]), ("metric", ["accuracy", "acc", "auc"]),
        ("optimizer", ["adam", "sgd"]), ("activation", ["relu", "swish"]), ("initializer", ["he_normal", "uniform"]),
        ("regularizer", ["l2"]), ("constraint", ["max_norm"]), ("event", ["on_epoch_end", "epoch_end"]),
        ("layer", ["dense", "conv2d"]),
    ]) func `Names are unions of strings`(kind: String, some: [String]) throws {
        let names = try #require(Self.stubs.aliases["lune.\(kind)_name"])
        #expect(Set(names).isSuperset(of: some))
        #expect(Set(names).count == names.count)
        // Each of them is a name that the library takes.
        for name in names {
            switch kind {
            case "activation": _ = try ActivationCatalogue.declaration(named: name)
            case "loss": _ = try LossCatalogue.named(name)
            case "metric": _ = try MetricCatalogue.named(name)
            case "optimizer": _ = try OptimizerCatalogue.named(name)
            case "initializer": _ = try InitializerCatalogue.named(name)
            case "regularizer": _ = try RegularizerCatalogue.named(name)
            case "constraint": _ = try ConstraintCatalogue.named(name)
            case "event": _ = try Event(named: name)
            default: continue
            }
        }
    }

    @Test func `Callbacks are typed, event by event`() throws {
        let table = try #require(Self.stubs.fields["lune.callback_table"])
        #expect(table == ["name"] + Event.names)
        let methods = try #require(Self.stubs.fields["lune.callback_class"])
        #expect(methods == ["model", "params", "state", "[string]"] + Event.names)
        #expect(
            Self.text.contains(
                "---@field on_epoch_end? fun(epoch: integer, logs: table<string, number>, run: lune.run): "
                    + "lune.callback_result?\n"))
        #expect(Self.text.contains("---@field on_exception? fun(message: string, run: lune.run): "))
        let directive = try #require(Self.stubs.fields["lune.directive"])
        #expect(Array(directive.prefix(Directive.keys.count)) == Directive.keys)
        #expect(Set(directive).isSuperset(of: ["momentum", "beta_1", "weight_decay"]))
        #expect(!Self.text.contains("---@field epochs? any"))
        #expect(Self.text.contains("---@alias lune.callback_result \"stop\"|\"pause\"|lune.directive\n"))
    }

    @Test func `The files are Lua, and define what they say`() throws {
        for file in Self.files where file.path.hasSuffix(".lua") || file.path == "luacheckrc" {
            let state = try LuaState()
            _ = try state.load(text: file.text, name: file.path, isFile: true)
            if file.path == "luacheckrc" {
                let standard = try state.run(
                    "stds = {}\n" + file.text + "\nreturn std, table.concat(stds.perilune.globals, ' ')")
                #expect(standard == ["lua54+perilune", .string((Event.names + ["state"]).joined(separator: " "))])
            }
        }
        let state = try LuaState()
        let made = try state.load(text: Self.text, name: "perilune.lua").run().first?.table
        for name in Self.module.memberNames { #expect(made?[name].isNil == false, "\(name)") }
    }

    @Test func `The globals of callback files are declared`() {
        let file = Self.files.first { $0.path == "library/perilune_events.lua" }
        let stubs = StubText(file?.text ?? "")
        #expect(Set(stubs.values.keys) == Set(Event.names + ["state"]))
    }
}

@Suite struct CatalogueTypeTests {
    @Test func `Help lists the names that a string may be`() throws {
        let page = try #require(PeriluneModule.binding.page("model:compile"))
        #expect(page.contains("\nNames, optimizer:\n  sgd, adam, adamw, rmsprop, adagrad, adadelta, adamax, nadam"))
        #expect(page.contains("mean_squared_error"))
        #expect(page.split(separator: "\n").allSatisfy { $0.count <= 110 })
    }

    @Test(
        arguments: [
            ("model:compile { loss = 'MeanSquaredError', metrics = { 'MAE' }, optimizer = 'Adam' }", nil),
            ("lune.dense(3, { activation = 'LeakyReLU', kernel_initializer = 'HeNormal' })", nil),
            (
                "lune.dense(3, { activation = 'rellu' })",
                "bad field 'activation' in dense (unknown activation 'rellu'; did you mean 'relu'?)"
            ),
            (
                "lune.dense(3, { kernel_initializer = 'he_norml' })",
                "bad field 'kernel_initializer' in dense (unknown initializer 'he_norml'; did you mean 'he_normal'?)"
            ),
            ("lune.on(5, print)", "bad argument #1 to 'on' (name of an event expected, got 5)"),
        ] as [(String, String?)]) func `Other spellings are taken, misspellings are named`(
            code: String, expected: String?
        )
        throws
    {
        let message = try lune(smallModel).failure(code)?.message
        #expect(message == expected.map { "script.lua:1: " + $0 })
    }
}
