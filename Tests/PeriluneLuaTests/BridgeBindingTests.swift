import PeriluneLua
import Testing

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

@Suite struct BridgeBindingTests {
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

    @Test(
        arguments: [
            ("lune.dense(3)", [3, nil, 0]), ("lune.dense(3, { activation = 'relu' })", [3, "relu", 0]),
            ("lune.dense { units = 3, act = 'tanh' }", [3, "tanh", 0]),
            ("lune.dense { 3, activation = 'relu' }", [3, "relu", 0]),
            ("lune.dense(3.0, { shape = { 4, 5 } })", [3, nil, 9]), ("lune.dense(3, nil)", [3, nil, 0]),
            ("lune.adam()", [0.001, false]), ("lune.adam {}", [0.001, false]),
            ("lune.adam { lr = 1e-2, amsgrad = true }", [0.01, true]),
            ("lune.sequential { 1, 2, 3 }", [3, nil]), ("lune.sequential { 1, 2, name = 'net' }", [2, "net"]),
            ("lune.sequential({ 1, 2 }, { name = 'net' })", [2, "net"]),
            ("lune.sequential { layers = { 1 }, name = 'n' }", [1, "n"]),
            ("lune.arange(3)", [3, nil, "float32"]), ("lune.arange(3, { dtype = 'int32' })", [3, nil, "int32"]),
            ("lune.arange(3, 5, { dtype = 'int32' })", [3, 5, "int32"]), ("lune.fit('d', { epochs = 2 })", [2]),
            ("lune.fit { x = 'd', epochs = 2 }", [2]), ("lune.fit(box(1), { epochs = 2, validation_data = 0.5 })", [2]),
            ("lune.fit('d', { epochs = 1, callbacks = { print, {} } })", [1]),
        ] as [(String, [LuaValueBox])])
    func `Arguments are taken by position and by name`(call: String, expected: [LuaValueBox]) throws {
        #expect(try Self.state().run("return \(call)") == expected.map(\.value))
    }

    @Test(arguments: [
        ("lune.dense()", "bad argument #1 to 'dense' (integer of at least 1 expected, got no value)"),
        ("lune.dense(nil, {})", "bad argument #1 to 'dense' (integer of at least 1 expected, got nil)"),
        ("lune.dense('x')", "bad argument #1 to 'dense' (integer of at least 1 expected, got 'x')"),
        ("lune.dense(0)", "bad argument #1 to 'dense' (integer of at least 1 expected, got 0)"),
        ("lune.dense(2.5)", "bad argument #1 to 'dense' (integer of at least 1 expected, got 2.5)"),
        ("lune.dense(2, 'relu')", "bad argument #2 to 'dense' (table expected, got string)"),
        ("lune.dense(2, {}, 3)", "too many arguments to 'dense' (at most 2 expected, got 3)"),
        (
            "lune.dense(2, { activation = 'rleu' })",
            "bad field 'activation' in dense ('relu', 'tanh' or function expected, got 'rleu'); did you mean 'relu'?"
        ),
        ("lune.dense(2, { activaton = 'relu' })", "unknown option 'activaton' in dense; did you mean 'activation'?"),
        ("lune.dense(2, { units = 3 })", "'units' is given twice in dense (argument #1 and 'units')"),
        ("lune.dense { activation = 'relu' }", "bad field 'units' in dense (integer of at least 1 expected, got nil)"),
        (
            "lune.dense(2, { shape = { 1, 'x' } })",
            "bad field 'shape[2]' in dense (integer of at least 1 expected, got 'x')"
        ),
        (
            "lune.dense(2, { shape = { 1, a = 2 } })",
            "bad field 'shape' in dense (list of integers of at least 1 expected, got table with the key 'a')"
        ),
        ("lune.adam { lr = 0 }", "bad field 'lr' in adam (number above 0 expected, got 0)"),
        ("lune.adam { lr = 0/0 }", "bad field 'lr' in adam (finite number above 0 expected, got nan)"),
        ("lune.adam { lr = math.huge }", "bad field 'lr' in adam (finite number above 0 expected, got inf)"),
        (
            "lune.adam { lr = 1, learning_rate = 2 }",
            "'learning_rate' is given twice in adam ('learning_rate' and 'lr')"
        ),
        ("lune.adam { beta_1 = 1 }", "bad field 'beta_1' in adam (number of at least 0 and below 1 expected, got 1)"),
        ("lune.adam { 0.1 }", "unknown option '[1]' in adam; options are given by name"),
        ("lune.adam(0.1)", "bad argument #1 to 'adam' (table expected, got number)"),
        ("lune.adam { amsgrad = 1 }", "bad field 'amsgrad' in adam (boolean expected, got 1)"),
        ("lune.fit('d')", "bad field 'epochs' in fit (integer of at least 1 expected, got nil)"),
        ("lune.fit('d', 5)", "bad argument #2 to 'fit' (table expected, got number)"),
        ("lune.fit('d', { epohcs = 1 })", "unknown option 'epohcs' in fit; did you mean 'epochs'?"),
        ("lune.fit('d', { epochs = 'x' })", "bad field 'epochs' in fit (integer of at least 1 expected, got 'x')"),
        ("lune.fit(true, { epochs = 1 })", "bad argument #1 to 'fit' (box or string expected, got boolean)"),
        (
            "lune.fit('d', { epochs = 1, validation = io.stdout })",
            "bad field 'validation' in fit (box or number from 0 to 1 expected, got userdata)"
        ),
        (
            "lune.fit('d', { epochs = 1, validation_every = { step = 1 } })",
            "unknown option 'validation_every.step' in fit; did you mean 'steps'?"
        ),
        (
            "lune.fit('d', { epochs = 1, validation_every = { steps = 0 } })",
            "bad field 'validation_every.steps' in fit (integer of at least 1 expected, got 0)"
        ),
        (
            "lune.fit('d', { epochs = 1, callbacks = { 1 } })",
            "bad field 'callbacks[1]' in fit (callback expected, got number)"
        ),
        ("lune.sequential { 1, 'x' }", "bad argument #1 to 'sequential' (integer expected, got 'x' at [2])"),
        ("lune.densee(3)", "unknown field 'densee' of lune; did you mean 'dense'?"),
        ("lune.data.digits()", "unknown field 'digits' of lune.data"),
        ("box(1):grwo(1)", "unknown field 'grwo' of box; did you mean 'grow'?"),
        ("box(1).exta", "unknown field 'exta' of box; did you mean 'extra'?"),
        ("box(1).grow(1)", "calling 'grow' on bad self (box expected, got number); write object:grow(…) with a colon"),
        ("box(1).grow()", "calling 'grow' on bad self (box expected, got no value); write object:grow(…) with a colon"),
        (
            "box(1).grow(io.stdout, 1)",
            "calling 'grow' on bad self (box expected, got userdata); write object:grow(…) with a colon"
        ),
        ("box(1):grow()", "bad argument #1 to 'grow' (number expected, got no value)"),
        ("box(1):grow(1, { time = 2 })", "unknown option 'time' in grow; did you mean 'times'?"),
        ("box(1) + 1", "boxes add to boxes"),
    ])
    func `Messages are exactly these`(call: String, message: String) throws {
        let error = try #require(Self.state().failure("\nlocal x = \(call)"))
        #expect(error.message == "script.lua:2: " + message)
        #expect(error.line == 2)
    }

    @Test(arguments: [
        ("box(1).value = -1", "bad value for 'box.value' (number of at least 0 expected, got -1)"),
        ("box(1).value = 'x'", "bad value for 'box.value' (number of at least 0 expected, got 'x')"),
        ("box(1).double = 1", "'box.double' cannot be set"), ("box(1).grow = 1", "'box.grow' cannot be set"),
        ("box(1).valeu = 1", "unknown field 'valeu' of box; did you mean 'value'?"),
        ("setmetatable(lune, {})", "cannot change a protected metatable"),
    ])
    func `Assignments are checked`(statement: String, message: String) throws {
        let error = try #require(Self.state().failure(statement))
        #expect(error.message == "script.lua:1: " + message || error.message == message)
    }

    @Test func `Host objects have methods, properties and operators`() throws {
        let result = try Self.state().run(
            """
            local a, b = box(1), box(2)
            a.value = 5
            a.content = a.content + 1
            return a.value, a.double, (a + b).value, #a, a(7), tostring(a), a:grow(1, { times = 3 }) == a, a.value, a == b,
              a[3], getmetatable(a), lune.version
            """)
        let expected: [LuaValue] = [6.0, 12.0, 8.0, 1, 6.0, 7, "box(6.0)", true, 9.0, false, 300, false, "1.0"]
        // A call in the middle of a list gives one value.
        #expect(result == expected.enumerated().filter { $0.offset != 5 }.map(\.element))
    }

    @Test func `An object is one userdata while a script holds it`() throws {
        let state = try Self.state()
        let box = Box(3)
        let same = state.makeFunction { _ in [.object(box)] }
        state[global: "same"] = .function(same)
        #expect(
            try state.run("local t = { [same()] = 1 } return same() == same(), t[same()], rawequal(same(), same())")
                == [true, 1, true])
        #expect(try same.call().first?.object === box)
    }

    @Test func `Objects of unknown classes do not get in, those of subclasses do`() throws {
        let state = try Self.state()
        state[global: "crate"] = .function(state.makeFunction { _ in [.object(Crate())] })
        #expect(state.failure("crate()")?.message == "script.lua:1: Crate is not a class that Lua knows")
        state.register(ClassBinding("thing", Tracked2.self, help: "A thing."))
        #expect(try state.run("return tostring(crate())") == ["thing"])
    }

    @Test func `Classes inherit`() throws {
        let state = try Self.state()
        final class Shelf {}
        let base = ClassBinding(
            "base", Tracked2.self, help: "Base.",
            methods: [
                Binding("hello", help: "Greets.") { _ in ["hello"] },
                Binding("who", help: "Says who.") { _ in ["base"] },
            ])
        state.register(base)
        state.register(
            ClassBinding(
                "crate", Crate.self, help: "Derived.", extending: [base],
                methods: [Binding("who", help: "Says who.") { _ in ["crate"] }]))
        state[global: "take"] = .function(
            state.makeFunction(Binding("take", [.required("it", .host("base"), "it")], help: "Takes.") { _ in [true] }))
        state[global: "crate"] = .function(state.makeFunction { _ in [.object(Crate())] })
        #expect(try state.run("local c = crate() return c:hello(), c:who(), take(c)") == ["hello", "crate", true])
    }

    @Test func `Userdata in disguise is seen through`() throws {
        let state = try Self.state()
        let result = try state.run(
            """
            local meta = debug.getmetatable(box(1))
            local fake = debug.setmetatable(io.tmpfile(), meta)
            local a, b = pcall(function() return fake.value end), pcall(function() return fake:grow(1) end)
            local released = box(1)
            meta.__gc(released)
            local c = pcall(function() return released.value end)
            debug.setupvalue(lune.dense, 1, io.stdout)
            return a, b, c, pcall(lune.dense, 1), debug.setmetatable(fake, nil) ~= nil
            """)
        #expect(result.prefix(4) == [false, false, false, false])
    }

    @Test func `Help comes from the table`() throws {
        let page = try #require(Self.module.page("dense"))
        #expect(
            page == """
                lune.dense(units, { activation, shape }) -> layer

                A fully connected layer.
                Each output sees each input.

                Arguments:
                  units: integer of at least 1, required
                      number of outputs

                Options:
                  activation (or act): 'relu', 'tanh' or function
                      non-linearity
                  shape: list of integers of at least 1
                      input shape

                """)
        #expect(Self.module.page("lune.adam")?.contains("learning_rate (or lr): number above 0, default 0.001") == true)
        #expect(Self.module.page("box:grow")?.hasPrefix("box:grow(by, { times }) -> box\n") == true)
        #expect(
            Self.module.page("box.value") == "box.value or content: number of at least 0, can be set\n\nThe number.\n")
        #expect(Self.module.page("events") == "Order of events\nfirst this, then that\n")
        #expect(Self.module.page("nonsense") == nil)
        #expect(Self.module.helpText("densee") == "no help on 'densee'; did you mean 'dense'?\n")
        #expect(Self.module.overview.contains("  dense"))
        let state = try Self.state()
        state[global: "help"] = .function(state.makeFunction(Self.module.helpFunction()))
        var printed: [String] = []
        state[global: "print"] = .function(
            state.makeFunction { call in
                printed.append(call[1].string ?? "")
                return []
            })
        try state.run("help('dense')")
        #expect(printed == [String(page.dropLast())])
    }

    @Test func `A body's own complaints are worded like the checks'`() throws {
        let state = try LuaState()
        state[global: "split"] = .function(
            state.makeFunction(
                Binding(
                    "split", [.required("heads", .integer, "heads")], options: [.optional("dim", .integer, "d")],
                    help: "Splits."
                ) {
                    throw $0.fault(try $0.isGiven("dim") ? "dim" : "heads", "must divide 10")
                }))
        #expect(state.failure("split(3)")?.message == "script.lua:1: bad argument #1 to 'split' (must divide 10)")
        #expect(
            state.failure("split(3, { dim = 1 })")?.message == "script.lua:1: bad field 'dim' in split (must divide 10)"
        )
        state[global: "wrong"] = .function(
            state.makeFunction(Binding("wrong", help: "Wrong.") { [.integer(try $0.integer("nothing"))] }))
        #expect(
            state.failure("wrong()")?.message
                == "script.lua:1: 'wrong' reads its parameter 'nothing', which it does not declare")
    }
}
