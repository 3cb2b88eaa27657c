import PeriluneLua

/// Random lines for a prompt within a fit: commands, statements about the run, and whatever else one can type.
struct LiveText {
    private var calls: CallText
    private var soup: LuaSoup

    init(seed: UInt64) {
        calls = CallText(random: SplitMix(seed: seed))
        soup = LuaSoup(random: SplitMix(seed: ~seed))
    }

    var random: SplitMix {
        get { calls.values.random }
        set { calls.values.random = newValue }
    }

    /// A fit that pauses now and then.
    mutating func fit() -> String {
        let event = random.pick(random.chance(0.3) ? FuzzPool.events : Self.oftenSent)
        let pause = random.pick(Self.pauses)
        return calls.fit(besides: "function() return { on_\(event) = \(pause) } end")
    }

    /// What is typed at a pause; `prepare` has put the objects of the run first in the pool.
    mutating func line() -> String {
        switch random.below(20) {
        case 0...4: return random.pick(Self.commands)
        case 5...10: return filled(random.pick(Self.statements))
        case 11...13: return soup.next()
        default: return calls.next()
        }
    }

    /// Puts the objects of the run where random calls find theirs.
    static let prepare = "P.run[1], P.model[1], P.optimizer[1], P.history[1] = run, model, optimizer, history;"

    private mutating func filled(_ statement: String) -> String {
        statement.replacing("VALUE", with: calls.values.odd())
            .replacing("FUNCTION", with: calls.values.function())
            .replacing("CALLBACK", with: calls.values.eventTable())
            .replacing("DATA", with: calls.values.host("dataset"))
            .replacing("NAME", with: random.pick(Self.names))
    }

    /// Events that most fits have.
    private static let oftenSent = [
        "train_begin", "epoch_begin", "train_batch_begin", "train_batch_end", "epoch_end", "checkpoint", "train_end",
    ]

    private static let pauses = [
        "function() return 'pause' end", "function() return { pause = true, lr = 0.5 } end",
        "function(...) select(-1, ...):prompt() end", "function() lune.prompt() end",
        "function() pcall(lune.prompt) pcall(lune.prompt) end",
        "function(...) local run = select(-1, ...) coroutine.wrap(function() run:prompt() end)() end",
    ]

    private static let commands = [
        "continue", "step", "step 1", "step 3", "step 0", "step -1", "step 1e9", "step 9223372036854775807",
        "step 99999999999999999999", "step two", "next", "next 2", "stop", "abort", "abort now", "pause", ":watch",
        ":watch 2", ":quit", ":q", ":mem", ":who", ":time run:evaluate(P.dataset[1])", ":time step",
        ":load missing.lua",
        ":load .", ":reload", ":save", ":save .", ":save folder/typed.lua", ":", "?", "?run", "run?", "?optimizer.lr",
        "optimizer.lr?", "save", "save 'typed'", "continue()", "step = 5", "stop()", "-- nothing", "",
    ]

    private static let names = [
        "epoch", "step", "batch", "epochs", "loss", "lr", "layers", "callbacks", "params", "history", "weights", "stop",
        "end_reason", "trainable", "optimizer", "stop_training", "metrics", "x", "__index", "steps", "elapsed",
    ]

    /// What one may do to a run that stands still.
    private static let statements = [
        "run", "model", "optimizer", "history", "logs", "run.NAME", "model.NAME", "optimizer.NAME", "history.NAME",
        "logs.NAME", "run.NAME = VALUE", "model.NAME = VALUE", "optimizer.NAME = VALUE", "logs.NAME = VALUE",
        "history.NAME = VALUE", "history.loss[#history.loss + 1] = VALUE", "run = VALUE", "model = nil",
        "local run = VALUE",
        "optimizer.lr = optimizer.lr / 2", "optimizer.lr = VALUE", "run:evaluate(DATA)", "run:stop()",
        "run:stop(VALUE)",
        "run:prompt()", "lune.prompt()", "run:save('typed')", "run:save(VALUE)", "model.stop_training = true",
        "run:add_callback(CALLBACK)", "run:add_callback(CALLBACK)", "run:remove_callback(run.callbacks[1])",
        "run:remove_callback(VALUE)", "for _ = 1, 3 do run:add_callback(run.callbacks[1]) end",
        "model:fit(DATA, { epochs = 2, verbose = 0 })",
        "model:fit(DATA, { epochs = 2, verbose = 0, callbacks = { CALLBACK, "
            + "{ on_epoch_end = function() return 'pause' end } } })",
        "model.optimizer.lr = 1e30", "P.long_fit()", "repeat pcall(P.long_fit) until false",
        "P.model[2]:fit(P.tensor[6], P.tensor[1], { verbose = 0, callbacks = { CALLBACK } })",
        "model:compile { optimizer = 'sgd', loss = 'mse' }", "model:add(lune.dense(2))", "model:predict(DATA)",
        "model:evaluate(DATA, { callbacks = { CALLBACK } })", "model:train_on_batch(P.tensor[3], P.tensor[4])",
        "model:load_weights('typed')", "model:set_weights(model:get_weights())", "model:set_weights(VALUE)",
        "model.layers[1].trainable = not model.layers[1].trainable", "model.layers[1].trainable = VALUE",
        "model.layers[1].kernel:assign(VALUE)", "model.layers[1].kernel.grad", "model.layers[1].kernel:norm()",
        "for _, w in ipairs(model.weights) do w:assign(w * 0) end", "lune.seed(VALUE)", "collectgarbage()",
        "kept = { run, model, optimizer, history, logs }", "kept", "kept[1].model == model",
        "return FUNCTION(run, VALUE)",
        "while true do end", "repeat pcall(error) until false", "coroutine.wrap(function() run:prompt() end)()",
        "coroutine.wrap(function() run:evaluate(DATA) coroutine.yield() end)()", "error(run)",
        "error(setmetatable({}, {}))",
        "setmetatable(logs, { __index = FUNCTION })", "print(run, model, optimizer, history, logs, VALUE)",
        "run.model:summary()", "lune.model { inputs = VALUE, outputs = model }", "_ENV = VALUE", "P.run[1] == run",
    ]
}
