import PeriluneBinding
import PeriluneData
import PeriluneItems
import PeriluneLua
import PeriluneLuaRuntime
import Testing

@Suite struct BridgeBindingTests {
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
            ("lune.fit('d', { epochs = 1, callbacks = { {}, {} } })", [1]),
        ] as [(String, [LuaValueBox])])
    func `Arguments are taken by position and by name`(call: String, expected: [LuaValueBox]) throws {
        #expect(try BindingFixture.state().run("return \(call)") == expected.map(\.value))
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
        let error = try #require(BindingFixture.state().failure("\nlocal x = \(call)"))
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
        let error = try #require(BindingFixture.state().failure(statement))
        #expect(error.message == "script.lua:1: " + message || error.message == message)
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
