import PeriluneBinding
import PeriluneItems
import PeriluneLua
import PeriluneLuaRuntime

/// A class of a small object of the host, with everything that a class binding can have.
final class Box {
    var value: Double

    init(_ value: Double) { self.value = value }

    static let binding = ClassBinding(
        "box", Box.self, help: "A number in a box.",
        methods: [
            .method(
                "grow", of: Box.self, [.required("by", .number, "how much")],
                options: [.optional("times", .integer(atLeast: 1), default: 1, "how often")], result: .host("box"),
                help: "Makes the number bigger."
            ) { box, arguments in
                box.value += try arguments.number("by") * Double(arguments.integer("times"))
                return [.object(box)]
            }
        ],
        properties: [
            Property("value", of: Box.self, .number(.atLeast(0)), aliases: ["content"], help: "The number.") { box, _ in
                .number(box.value)
            } set: { box, value, _ in
                box.value = value.number ?? 0
            },
            Property("double", of: Box.self, .number, help: "Twice the number.") { box, _ in .number(box.value * 2) },
        ],
        operators: [
            .add: { call in
                guard let a = call.object(1, as: Box.self), let b = call.object(2, as: Box.self) else {
                    throw BridgeTestError(text: "boxes add to boxes")
                }
                return [.object(Box(a.value + b.value))]
            },
            .length: { _ in [1] },
            .call: { call in [.number(call.object(1, as: Box.self)?.value ?? 0), call[2]] },
            .toString: { call in [.string("box(\(call.object(1, as: Box.self)?.value ?? 0))")] },
        ],
        index: { _, key, _ in key.integer.map { .integer($0 * 100) } },
        fieldNames: { _ in ["extra"] })
}

/// A subclass with no binding of its own.
final class Crate: Tracked2 {}
class Tracked2 {}

/// A small module with every kind of parameter.
enum BindingFixture {
    static let adam = Binding(
        "adam",
        options: [
            .optional("learning_rate", .number(.above(0)), default: 0.001, aliases: ["lr"], "step size"),
            .optional("beta_1", .number(.within(0..<1)), default: 0.9, "decay of the first moment"),
            .optional("amsgrad", .boolean, default: false, "keep the greatest second moment"),
        ], result: .host("optimizer"), help: "The Adam optimizer."
    ) { arguments in
        [.number(try arguments.number("learning_rate")), .boolean(try arguments.boolean("amsgrad"))]
    }

    static let dense = Binding(
        "dense", [.required("units", .integer(atLeast: 1), "number of outputs")],
        options: [
            .optional(
                "activation", .either(.enumeration(["relu", "tanh"]), .function), aliases: ["act"], "non-linearity"),
            .optional("shape", .list(.integer(atLeast: 1)), "input shape"),
        ], result: .host("layer"), help: "A fully connected layer.\nEach output sees each input."
    ) { arguments in
        [
            .integer(try arguments.integer("units")), try arguments.value("activation"),
            .integer(try arguments.integers("shape").reduce(0, +)),
        ]
    }

    static let fit = Binding(
        "fit", [.required("data", .either(.host("box"), .string), aliases: ["x"], "what to learn from")],
        options: [
            .required("epochs", .integer(atLeast: 1), "how many passes"),
            .optional(
                "validation", .either(.host("box"), .number(.within(0...1))), aliases: ["validation_data"],
                "data to check on"),
            .optional(
                "validation_every",
                .either(.integer(atLeast: 1), .record([.required("steps", .integer(atLeast: 1), "steps")])), "rhythm"),
            .optional("callbacks", .list(.callback), "callbacks"),
        ], help: "Trains."
    ) { arguments in [.integer(try arguments.integer("epochs"))] }

    static let sequential = Binding(
        "sequential", [.required("layers", .list(.integer), "layers")],
        options: [.optional("name", .string, "name")], help: "A stack."
    ) { arguments in [.integer(try arguments.list("layers").count), try arguments.value("name")] }

    static let arange = Binding(
        "arange", [.required("start", .number, "first"), .optional("stop", .number, "end")],
        options: [.optional("dtype", .enumeration(["float32", "int32"]), default: "float32", "element type")],
        help: "Numbers."
    ) { arguments in [try arguments.value("start"), try arguments.value("stop"), try arguments.value("dtype")] }

    static let module = ModuleBinding(
        "lune", help: "trains networks", functions: [adam, dense, fit, sequential, arange],
        constants: [.init("version", "1.0", help: "The version.")], classes: [Box.binding],
        modules: [ModuleBinding("data", help: "data sets", functions: [])],
        topics: [.init("events", "Order of events\nfirst this, then that")])

    static func state() throws -> LuaState {
        let state = try LuaState()
        try state.preload("perilune") { .table($0.register(Self.module)) }
        state[global: "box"] = .function(state.makeFunction { call in [.object(Box(call[1].number ?? 0))] })
        try state.run("lune = require 'perilune'")
        return state
    }
}
