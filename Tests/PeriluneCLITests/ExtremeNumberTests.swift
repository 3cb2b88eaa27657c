import Foundation
import PeriluneBinding
import PeriluneItems
import PeriluneLua
import PeriluneTestSupport
import Testing

/// Every number that a script can give goes through every function at its extremes, in a process of its own: a number
/// that overflows ends that.
@Suite struct ExtremeNumberTests {
    private static let numbers = [
        "math.mininteger", "math.maxinteger", "-1", "0", "1", "2147483647", "-2147483647", "1 << 31", "1 << 53",
        "1e308",
        "-1e308", "-0.0", "0/0", "1/0", "-1/0", "5e-324",
    ]

    /// Functions with the ways to call them: the path, what stands before the argument, and where the argument goes.
    private static let calls: [(path: String, call: String)] = {
        func calls(_ binding: Binding, _ path: String, _ receiver: String) -> [(String, String)] {
            let before = binding.positional.map { example(of: $0.type) }
            return binding.parameters.enumerated().flatMap { index, parameter -> [(String, String)] in
                forms(of: parameter.type).map { form in
                    var arguments = receiver.isEmpty ? [] : [receiver]
                    if index < binding.positional.count {
                        arguments += before[..<index] + [form] + required(binding, after: index)
                    } else {
                        arguments += before + ["{ \(parameter.name) = \(form) }"]
                    }
                    return ("\(path) \(parameter.name)", "\(path)(\(arguments.joined(separator: ", ")))")
                }
            }
        }
        func walk(_ module: ModuleBinding, _ path: String) -> [(String, String)] {
            module.functions.flatMap { calls($0, "\(path).\($0.name)", "") }
                + module.modules.flatMap { walk($0, "\(path).\($0.name)") }
        }
        let classes = PeriluneModule.binding.classes.flatMap { type in
            type.allMethods.flatMap { calls($0, "make.\(type.name)().\($0.name)", "made") }
        }
        return (walk(PeriluneModule.binding, "lune") + classes).map { (path: $0.0, call: $0.1) }
    }()

    private static func required(_ binding: Binding, after index: Int) -> [String] {
        binding.positional[(index + 1)...].prefix { $0.isRequired }.map { example(of: $0.type) }
    }

    /// How a number goes into a value of the type; nothing for types without numbers.
    private static func forms(of type: ParameterType) -> [String] {
        switch type {
        case .whole, .real: ["v"]
        case .list(let element, _): forms(of: element).flatMap { ["{ \($0) }", "{ \($0), \($0) }", "{ 2, \($0), 3 }"] }
        case .tuple(let types):
            types.allSatisfy { !forms(of: $0).isEmpty } ? ["{ \(types.map { _ in "v" }.joined(separator: ", ")) }"] : []
        case .map(let element): forms(of: element).map { "{ a = \($0) }" }
        case .record(let fields): fields.flatMap { field in forms(of: field.type).map { "{ \(field.name) = \($0) }" } }
        case .union(let types): types.flatMap { forms(of: $0) }
        case .named(_, let type): forms(of: type)
        case .any: ["v", "{ v }"]
        case .boolean, .string, .enumeration, .catalogue, .function, .table, .shaped, .host: []
        }
    }

    /// A text so many times, with commas between.
    private static func repeated(_ text: String, _ count: Int) -> String {
        Array(repeating: text, count: count).joined(separator: ", ")
    }

    /// A value that fits.
    private static func example(of type: ParameterType) -> String {
        switch type {
        case .any: "1"
        case .boolean: "true"
        case .whole(let range): "\(min(max(2, range.lowerBound), range.upperBound))"
        case .real(let range): range.contains(0.5) ? "0.5" : "2"
        case .string: "'loss'"
        case .catalogue(_, let names), .enumeration(let names): "'\(names.first ?? "")'"
        case .function: "function() end"
        case .table, .shaped, .map, .record: "{}"
        case .list(let element, let count):
            "{ \(repeated(example(of: element), max(1, min(3, count.lowerBound)))) }"
        case .tuple(let types): "{ \(types.map(example).joined(separator: ", ")) }"
        case .host(let name): "make.\(name)()"
        case .union(let types): types.first.map(example) ?? "nil"
        case .named(_, let type): example(of: type)
        }
    }

    private static let prelude = """
        local lune = require "perilune"
        lune.seed(1)
        local data = lune.data.iris():take(12)
        local made
        local function model(layer)
          local m = lune.sequential { lune.input { 4 }, layer or lune.dense(3) }
          m:compile { optimizer = "sgd", loss = "sparse_categorical_crossentropy" }
          return m
        end
        local makers = {
          model = model, tensor = function() return lune.ones(3, 4) end, dataset = function() return data end,
          optimizer = function() return lune.sgd() end, layer = function() return lune.dense(3) end,
          model_tensor = function() return lune.input { 4 } end, schedule = function() \
        return lune.cosine_decay(0.1, 10) end,
          loss = function() return lune.losses.mean_squared_error() end,
          metric = function() return lune.metrics.accuracy() end,
          initializer = function() return lune.initializers.zeros() end, \
        regularizer = function() return lune.l2(0.1) end,
          constraint = function() return lune.max_norm(1) end, callback = function() return lune.early_stopping() end,
          history = function() return model():fit(data, { verbose = 0 }) end,
        }
        local make = setmetatable({}, { __index = function(_, kind)
          return function() made = makers[kind] and makers[kind]() or nil return made end
        end })
        local fit = { verbose = 0, epochs = 2, batch_size = 6, steps_per_epoch = 2 }
        -- A range test goes on for as many steps as it was told, and ten thousand would show nothing that ten do not.
        local enough = { on_train_batch_end = function(_, _, run) if run.step >= 10 then return "stop" end end }
        local function use(kind, thing)
          tostring(thing)
          local m
          if kind == "optimizer" then m = model() m:compile { optimizer = thing, \
        loss = "sparse_categorical_crossentropy" }
          elseif kind == "schedule" then
            for _, step in ipairs { 0, 1, 1000000, math.maxinteger } do pcall(thing, step) end
            m = model() m:compile { optimizer = lune.sgd { lr = thing }, loss = "sparse_categorical_crossentropy" }
          elseif kind == "loss" then m = model() m:compile { optimizer = "sgd", loss = thing }
          elseif kind == "metric" then
            m = model() m:compile { optimizer = "sgd", loss = "sparse_categorical_crossentropy", metrics = { thing } }
          elseif kind == "initializer" then m = model(lune.dense(3, { kernel_initializer = thing }))
          elseif kind == "regularizer" then m = model(lune.dense(3, { kernel_regularizer = thing }))
          elseif kind == "constraint" then m = model(lune.dense(3, { kernel_constraint = thing }))
          elseif kind == "callback" then
            fit.callbacks, fit.validation = { thing, enough }, data
            pcall(function() model():fit(data, fit) end)
            fit.callbacks, fit.validation = nil, nil
          elseif kind == "layer" then
            for _, shape in ipairs { { 4 }, { 4, 4 }, { 4, 4, 2 }, { 4, 4, 4, 2 } } do
              pcall(function()
                local m = lune.sequential { lune.input(shape), thing }
                table.insert(shape, 1, 2)
                tostring(m:predict(lune.ones(table.unpack(shape))))
              end)
            end
          elseif kind == "dataset" then pcall(function() model():fit(thing, fit) end)
          elseif kind == "tensor" then tostring(thing:sum()) end
          if m then pcall(function() m:fit(data, fit) end) end
        end
        local current
        local function try(path, f)
          for i, v in ipairs { NUMBERS } do
            current = path .. " " .. i
            io.stderr:write(current, "\\n")
            local ok, thing = pcall(f, v)
            local kind = ok and type(thing) == "userdata" and getmetatable(thing) ~= nil and \
        tostring(thing):match("^[%a_]+")
            if ok and thing ~= nil then pcall(use, KINDS[path:match("^%S+")] or kind, thing) end
          end
        end
        """

    @Test(arguments: 0..<4)
    func `No number ends the process`(part: Int) throws {
        let chosen = Self.calls.enumerated().filter { $0.offset % 4 == part }.map(\.element)
        #expect(chosen.count > 50)
        let kinds = PeriluneModule.binding
        var results: [String: String] = [:]
        func note(_ module: ModuleBinding, _ path: String) {
            for function in module.functions { results["\(path).\(function.name)"] = function.result?.text }
            for child in module.modules { note(child, "\(path).\(child.name)") }
        }
        note(kinds, "lune")
        let table = results.map { "[\"\($0.key)\"] = \"\($0.value)\"" }.sorted().joined(separator: ", ")
        let script =
            "KINDS = { \(table) }\n"
            + Self.prelude.replacing("NUMBERS", with: Self.numbers.joined(separator: ", ")) + "\n"
            + chosen.map { "try(\"\($0.path)\", function(v) return \($0.call) end)" }.joined(separator: "\n")
            + "\nprint('done')"
        // Little memory, as an error that the script catches: a limit of its own would end it.
        let program = ProgramRun.directory.appendingPathComponent("perilune").path
        // Loggers and savers write files there.
        let folder = try TemporaryFolder()
        let run = try ProgramRun.of(
            "/bin/sh", ["-c", "ulimit -v 4000000; exec \"$0\" -", program], input: script, in: folder.url, limit: 300)
        let last = run.errors.split(separator: "\n").last { line in line.hasPrefix("lune.") || line.hasPrefix("make.") }
        #expect(run.status == 0, "\(run.status) in \(last ?? ""): \(run.errors.suffix(500))")
        #expect(run.output.hasSuffix("done\n"))
    }
}
