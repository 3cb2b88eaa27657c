/// The objects and odd values that fuzzed calls are made with, as Lua text.
enum FuzzPool {
    /// Defines the global `P`: for each class of host objects a list of them, and what is needed besides.
    static let prelude = """
        lune = require "perilune"
        lune.seed(7)
        local x, y = lune.randn(12, 4), lune.tensor({ 0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2 }, { dtype = "int32" })
        local data = lune.data.tensors(x, y)
        local input = lune.input { 4 }
        local hidden = lune.dense(3)(input)
        local small = lune.sequential { lune.input { 4 }, lune.dense(3) }
        small:compile { optimizer = "adam", loss = "sparse_categorical_crossentropy", metrics = { "accuracy" } }
        local image = lune.sequential { lune.input { 6, 6, 1 }, lune.conv2d(2, 3), lune.batch_normalization(),
          lune.flatten(), lune.dropout(0.5), lune.dense(2) }
        image:compile { optimizer = lune.sgd { lr = 0.1, momentum = 0.9 }, loss = "mse" }
        local run
        local history = small:fit(data, { epochs = 2, batch_size = 5, verbose = 0, validation = data,
          callbacks = { { on_epoch_end = function(epoch, logs, r) run = r end } } })
        local generator = lune.data.generator(function()
          local n = 0
          return function() n = n + 1 if n <= 3 then return lune.ones(2, 4), lune.zeros(2) end end
        end)
        P = {
          tensor = { lune.tensor(1.5), lune.tensor { 1, 2, 3 }, x, y, lune.ones(2, 3), lune.zeros(12, 6, 6, 1),
            small.layers[1].kernel, lune.full({ 1, 1 }, 0 / 0), lune.ones(5, 3, 2), lune.ones(12, 3) },
          model_tensor = { input, hidden, lune.input { 3 }, lune.input { 6, 6, 1 }, lune.input { 5, 4 } },
          layer = { lune.dense(3), lune.dense(2, { activation = "softmax" }), lune.conv2d(2, 3), lune.flatten(),
            lune.conv1d(2, 2), lune.embedding(5, 2), lune.dropout(0.3), lune.batch_normalization(), small.layers[1] },
          model = { small, image, lune.sequential {}, lune.sequential { lune.dense(2) },
            lune.model { inputs = input, outputs = hidden } },
          dataset = { data, data:take(5), data:batch(3), lune.data.iris():take(20), generator },
          normalization = {}, optimizer = { lune.adam(), lune.sgd { lr = 0.1 }, small.optimizer, lune.rmsprop() },
          schedule = { lune.cosine_decay(0.1, 10), lune.exponential_decay(0.1, 10, 0.5) },
          loss = { lune.losses.mean_squared_error(), lune.losses.categorical_crossentropy() },
          metric = { lune.metrics.accuracy(), lune.metrics.auc() },
          initializer = { lune.initializers.glorot_uniform(), lune.initializers.zeros() },
          regularizer = { lune.l2(0.01) }, constraint = { lune.max_norm(2) },
          callback = { lune.early_stopping { monitor = "loss" }, lune.on("epoch_end", function() end),
            lune.early_stopping { patience = 1 }, lune.rollback { every = { steps = 1 }, spike = 1.01, warm_up = 1 },
            lune.swap_ema_weights { swap_on_epoch = true }, lune.stochastic_weight_averaging { start_epoch = 1 },
            lune.layer_learning_rates { ["*"] = 0.5 }, lune.freeze_schedule { ["*"] = { to = 1 } },
            lune.keep_best_weights { monitor = "loss" } },
          history = { history }, run = { run },
        }
        local class = lune.callback()
        function class:on_epoch_end() self.count = (self.count or 0) + 1 end
        P.class, P.instance = class, class { a = 1 }
        P.cycle = {} P.cycle[1] = P.cycle P.cycle.cycle = P.cycle
        P.deep = {} for i = 1, 20000 do P.deep = { P.deep } end
        P.long = {} for i = 1, 5000 do P.long[i] = i end
        function P.long_fit()
          local model = lune.sequential { lune.dense(1) }
          model:compile { loss = "mse" }
          return model:fit(lune.ones(4, 2), lune.ones(4, 1), { epochs = 1000000000, verbose = 0 })
        end
        P.hooked = setmetatable({ 1, 2 }, { __index = function() error("index") end, \
        __len = function() return 1 << 62 end,
          __tostring = function() error({}) end, __call = function() return 1 end,
          __pairs = function() error("pairs") end })
        P.lying = setmetatable({}, { __index = P.model[1], __name = "model" })
        """

    /// Values of every type that fit nowhere in particular.
    static let oddValues = [
        "nil", "true", "false", "0", "1", "-1", "2", "3", "0.5", "-0.0", "1/0", "-1/0", "0/0", "math.maxinteger",
        "math.mininteger", "1 << 31", "-(1 << 31) - 1", "1 << 32", "2.0^53", "2.0^63", "-2.0^63", "2.0^64", "1e308",
        "-1e308", "1e-320", "3.4e38", "1e39", "255", "256", "''", "'x'", "'\\0'", "'\\xff\\xfe'", "('x'):rep(3000)",
        "('é'):rep(300)", "'nan'", "'1e5'", "'relu'", "'loss'", "'val_loss'", "'adam'", "'same'", "'float32'", "'*'",
        "'['", "'%d%s'", "'{epoch}'", "'{epoch:99d}'", "'{'", "'.'", "'missing.csv'", "{}", "{1, 2, 3}", "{1, nil, 3}",
        "{{1, 2}, {3}}", "{{1, 2}, {3, 4}}", "{0}", "{-1}", "{1 << 31}", "{math.mininteger}", "{math.maxinteger, 2}",
        "{0.5}", "{0/0}", "{'a', 'b'}", "{a = 1}", "{[0] = 1}", "{[-1] = {}}", "{[1.5] = 1}", "{{}}", "{false}",
        "{print}", "P.cycle", "P.deep", "P.long", "P.hooked", "P.lying", "P.class", "P.instance", "P", "lune", "print",
        "math.sin", "string.rep", "error", "coroutine.create(print)", "coroutine.wrap(print)", "io.stdout",
        "P.tensor[1].sum", "setmetatable({}, {__mode = 'k'})",
    ]

    /// Functions of scripts, which the module calls back.
    static let functions = [
        "function() end", "function(...) return ... end", "function() error('boom') end", "function() error({}) end",
        "function() error() end", "function() return 'stop' end", "function() return { stop = true } end",
        "function() return 1, 2, 3 end", "function() return {} end", "function(a) return a + 1 end",
        "function(a, b) return (a - b) ^ 2 end", "function(a) return P.tensor[1] end", "function() return 0/0 end",
        "function() coroutine.yield() end", "function() return function() return P.tensor[3], P.tensor[4] end end",
        "function() return function() return P.tensor[5] end end", "function() return function() error('in') end end",
        "function() lune.seed(1) return true end", "function() collectgarbage() end", "print", "P.model[1].predict",
        "function(a, b, run) if run and run.stop then run:stop() end end",
        "function(i, logs) if logs then logs.score = 1 logs[1] = 2 end end",
        "function() return P.model[1]:fit(P.dataset[1], { verbose = 0 }) end",
        "function() P.model[1]:compile { loss = 'mse' } end", "function() P.model[1]:add(P.layer[1]) end",
        "function() local f f = function() return f() + 1 end return f() end",
    ]

    static let strings = [
        "", "x", "missing.csv", "data.csv", "weights.safetensors", "folder/file", ".", "..", "loss", "val_loss",
        "accuracy", "epoch_end", "on_epoch_end", "train_batch_end", "best", "last", "{epoch}-{val_loss:.2f}.ckpt",
        "{epoch:1000000000d}", "{nothing}", "{", "%n%d%s", "*", "conv*", "[a-", "dense", "relu", ",", ";", "\\0", "\\n",
        "\\xff\\xfe\\x80", "é", "🌒", "a b", "sum_over_batch_size", "auto", "min", "max", "events", "fit", "lune.fit",
    ]

    static let directives = [
        "stop", "now", "lr", "learning_rate", "lr_scale", "skip", "end_epoch", "validate", "freeze", "unfreeze",
        "epochs",
        "batch_size", "log", "momentum", "beta_1", "epsilon", "clipnorm", "weight_decay", "save", "restore", "pause",
        "lrr",
    ]

    static let events = [
        "train_begin", "epoch_begin", "train_batch_begin", "backward_end", "train_batch_end", "test_begin",
        "test_batch_begin", "test_batch_end", "test_end", "epoch_end", "checkpoint", "train_end", "exception",
        "batch_end",
        "predict_begin", "predict_batch_end", "predict_end",
    ]
}

extension FuzzPool {
    /// Lua functions that take an object out of the pool, and put one in.
    static let helpers = """

        function pick(name, n)
          local list = P[name]
          return list and list[n % math.max(1, #list) + 1]
        end
        function train(shape, layers, optimizer, loss, metric, options)
          local input = lune.input(shape)
          local tensor = input
          for _, make in ipairs(layers) do
            local layer = select(2, pcall(make))
            local ok, made = pcall(layer, tensor)
            if not ok then ok, made = pcall(layer, { tensor, tensor }) end
            if ok then tensor = made end
          end
          local model = lune.model { inputs = input, outputs = tensor }
          local function compile(loss, metric)
            model:compile { optimizer = optimizer(), loss = loss(), metrics = { metric() } }
          end
          if not pcall(compile, loss, metric) then model:compile { loss = "mse" } end
          local x = lune.uniform(3, table.unpack(shape))
          options.verbose = 0
          model:fit(x, model:predict(x), options)
          return model
        end
        function made(functions)
          local list = {}
          for _, make in ipairs(functions) do
            local ok, value = pcall(make)
            if ok then list[#list + 1] = value end
          end
          return list
        end
        function keep(name, n, value)
          local list = P[name]
          if list then list[n % 12 < #list and n % 12 + 1 or #list + 1] = value end
        end
        """
}
