import Perilune
import Testing

/// What a script's author reads when something is wrong.
@Suite struct ErrorMessageTests {
    /// Runs `text` after the small model was made, as `script.lua`, and returns its error's message.
    private func message(_ text: String) throws -> String? { try lune(smallModel).failure(text)?.message }

    @Test(
        arguments: [
            ("model:fit(data, { epohcs = 3 })", "unknown option 'epohcs' in fit; did you mean 'epochs'?"),
            ("model:fit(data, { resumes = 'x' })", "unknown option 'resumes' in fit; did you mean 'resume'?"),
            ("model:fit(data, { qqqq = 'x' })", "unknown option 'qqqq' in fit"),
            (
                "model:fit(data, { epochs = '3' })",
                "bad field 'epochs' in fit (integer of at least 0 expected, got '3')"
            ),
            (
                "model:fit(data, { batch_size = 0 })",
                "bad field 'batch_size' in fit (integer of at least 1 expected, got 0)"
            ),
            ("data:batch(0)", "bad argument #1 to 'batch' (integer of at least 1 expected, got 0)"),
            (
                "model.fit(data)",
                "calling 'fit' on bad self (model expected, got dataset); write object:fit(…) with a colon"
            ),
            ("model:fit()", "bad argument #1 to 'fit' (data expected, got no value)"),
            ("model:fit(5)", "bad argument #1 to 'fit' (data expected, got number)"),
            (
                "model:fit(data, { validation_every = { step = 3 } })",
                "unknown option 'validation_every.step' in fit; did you mean 'steps'?"
            ),
            (
                "model:fit(data, { verbose = 3 })",
                "bad field 'verbose' in fit ('auto' or integer from 0 to 2 expected, got 3)"
            ),
            (
                "model:fit(data, { class_weight = { a = 1 } })",
                "bad field 'class_weight' in fit (class numbers from 0 with their weights expected: { [0] = 1 })"
            ),
            ("model:fitt(data)", "unknown field 'fitt' of model; did you mean 'fit'?"),
            (
                "model:compile { loss = 'mean_squared_eror' }",
                "bad field 'loss' in compile (unknown loss 'mean_squared_eror'; did you mean 'mean_squared_error'?)"
            ),
            (
                "model:compile { loss = 'mse', metrics = { 'acuracy' } }",
                "bad field 'metrics' in compile (unknown metric 'acuracy'; did you mean 'accuracy'?)"
            ),
            (
                "model:compile { loss = 'mse', optimizer = 'adm' }",
                "bad field 'optimizer' in compile (unknown optimizer 'adm'; did you mean 'adam'?)"
            ),
            (
                "model:compile { optimizer = 'adam' }",
                "bad field 'loss' in compile (loss by name, such as \"mse\", or of lune.losses, expected, got nil)"
            ),
            (
                "model:compile { loss = { dense_2 = 'mse' } }",
                "bad field 'loss' in compile (no output is called 'dense_2'; did you mean 'dense_1'?)"
            ),
            ("lune.adam { beta1 = 0.5 }", "unknown option 'beta1' in adam; did you mean 'beta_1'?"),
            ("lune.adam { lr = -1 }", "bad field 'lr' in adam (number of at least 0 or schedule expected, got -1)"),
            ("lune.adam { lr = 0/0 }", "bad field 'lr' in adam (number of at least 0 or schedule expected, got nan)"),
            (
                "lune.adam { clipnorm = 1, clipvalue = 1 }",
                "adam: only one of 'clipnorm', 'clipvalue' and 'global_clipnorm' can be set"
            ),
            (
                "lune.early_stopping { pateince = 3 }",
                "unknown option 'pateince' in early_stopping; did you mean 'patience'?"
            ),
            (
                "lune.sequential { lune.dense(3) }:fit(data)",
                "model 'sequential' is not compiled; call model:compile { optimizer = …, loss = … } first"
            ),
            ("model:set_weights { lune.zeros(1) }", "model 'sequential' has 4 weights, got 1 tensors"),
            (
                "model:set_weights { lune.zeros(4, 8), lune.zeros(8), lune.zeros(8, 4), lune.zeros(5) }",
                "weight 'dense_1/bias' is float32[4], got a tensor of float32[5]"
            ),
            ("model:layer('dens')", "bad argument #1 to 'layer' (unknown layer 'dens'; did you mean 'dense'?)"),
            ("model.optimiser = 5", "unknown field 'optimiser' of model; did you mean 'optimizer'?"),
            ("model.layers[1].trainable = 1", "bad value for 'layer.trainable' (boolean expected, got 1)"),
        ])
    func `Misspelt and mistyped`(text: String, expected: String) throws {
        let got = try message(text)
        #expect(got == "script.lua:1: " + expected)
    }

    @Test(
        arguments: [
            (
                "{ { on_epoch_ends = print } }",
                "bad field 'callbacks' in fit (callbacks[1]: unknown event 'on_epoch_ends'; did you "
                    + "mean 'on_epoch_end'?)"
            ),
            (
                "{ { epoch_end = print } }",
                "bad field 'callbacks' in fit (callbacks[1]: unknown event 'epoch_end'; did you mean 'on_epoch_end'?)"
            ),
            (
                "{ { on_epoch_end = 5 } }",
                "bad field 'callbacks' in fit (callbacks[1]: on_epoch_end must be a function, got 5)"
            ),
            ("{ 5 }", "bad field 'callbacks' in fit (callbacks[1]: callback expected, got 5)"),
            (
                "{ print }",
                "bad field 'callbacks' in fit (callbacks[1]: callback expected, got function; name its "
                    + "event: { on_epoch_end = f })"
            ),
            (
                "{ lune.callback() }",
                "bad field 'callbacks' in fit (callbacks[1] is a class; make an instance of it: Class {})"
            ),
            (
                "{ { on_epoch_end = print }, on_epoch_end = print }",
                "bad field 'callbacks' in fit (a list of callbacks has no field 'on_epoch_end'; put it "
                    + "into a table of its own)"
            ),
            (
                "{ lune.early_stopping { monitor = 'val_los' } }",
                "there is nothing called 'val_los' to monitor; there are loss, accuracy. A name that "
                    + "callbacks write to the logs needs a mode, min or max (callback 'early_stopping')"
            ),
            (
                "{ lune.early_stopping() }",
                "there is nothing called 'val_loss' to monitor: fit was given no validation data "
                    + "(callback 'early_stopping')"
            ),
        ])
    func `Callbacks that cannot be`(callbacks: String, expected: String) throws {
        let got = try message("model:fit(data, { verbose = 0, callbacks = \(callbacks) })")
        #expect(got == "script.lua:1: " + expected)
    }

    @Test(
        arguments: [
            (
                "lune.on('epoch_ends', print)",
                "bad argument #1 to 'on' (unknown event 'epoch_ends'; did you mean 'on_epoch_end'?)"
            ),
            ("lune.on('epoch_end', { evry = 2 }, print)", "unknown option 'evry' in on; did you mean 'every'?"),
            (
                "lune.on('epoch_end', { every = 0 }, print)",
                "bad argument #2 to 'on' (integer of at least 1 expected, got 0 at .every)"
            ),
            ("lune.on('epoch_end', { every = 2 })", "bad field 'handler' in on (function expected, got no value)"),
            (
                "local C = lune.callback() function C:on_epoch_edn() end",
                "unknown event 'on_epoch_edn'; did you mean 'on_epoch_end'?"
            ),
            ("lune.script('/nowhere/x.lua')", "cannot open /nowhere/x.lua: No such file or directory"),
        ])
    func `Registering what is no event`(text: String, expected: String) throws {
        let got = try message(text)
        #expect(got == "script.lua:1: " + expected)
    }

    @Test(
        arguments: [
            ("{ lrr = 0.1 }", "directive: unknown key 'lrr'; did you mean 'lr'?"),
            ("{ lr = 'fast' }", "directive: 'lr' must be a number, got the string \"fast\""),
            ("{ lr = -1 }", "directive: the learning rate must be a finite number of 0 or more, got -1.0"),
            ("{ lr = 0/0 }", "directive: the learning rate must be a finite number of 0 or more, got nan"),
            ("{ stop = 5 }", "directive: 'stop' must be true or a reason, got 5.0"),
            ("'stpo'", "directive: unknown directive 'stpo'; did you mean 'stop'?; the words are 'stop' and 'pause'"),
            ("true", "directive: a callback returns nothing, \"stop\" or a table, got true; to stop, return \"stop\""),
            ("{ freeze = 'conv*' }", "directive: 'freeze': no layer is called 'conv*'; layers are dense, dense_1"),
            (
                "{ skip = true }",
                "directive: 'skip' can be returned from on_train_batch_begin and on_backward_end, not "
                    + "from on_train_batch_end"
            ),
            ("{ momentum = 0.5 }", "directive: unknown key 'momentum'"),
            ("{ validate = true }", "directive: 'validate' needs validation data; fit was given none"),
            ("{ 'stop' }", "directive: unknown key '[1]'"),
        ])
    func `Directives that cannot be`(directive: String, expected: String) throws {
        let text = """
            ended = {}
            model:fit(data, { epochs = 3, batch_size = 16, verbose = 0, callbacks = { {
              name = "mine",
              on_train_batch_end = function(batch, logs)
                if batch == 2 then return \(directive) end
              end,
              on_epoch_end = function() ended[#ended + 1] = "epoch" end,
              on_exception = function(message) ended[#ended + 1] = message end,
              on_train_end = function(logs, run) ended[#ended + 1] = run.end_reason end,
            } } })
            """
        let state = try lune(smallModel)
        let error = try #require(state.failure(text))
        let context = " (callback 'mine', on_train_batch_end, epoch 1, batch 2)"
        #expect(error.message.hasPrefix("script.lua:4: " + expected), "\(error.message)")
        #expect(error.message.hasSuffix(context), "\(error.message)")
        #expect(error.line == 4)
        let ended = try state.run("return table.unpack(ended)")
        #expect(ended.first == "epoch")
        #expect(ended.last == "failed")
        #expect(ended.count == 3)
    }

    @Test func `A callback that raises`() throws {
        let state = try lune(smallModel)
        let error = try #require(
            state.failure(
                """
                order = {}
                local function boom(n) local t = nil return t.x end
                model:fit(data, { epochs = 3, batch_size = 16, verbose = 0, callbacks = { {
                  on_train_batch_end = function(batch, logs, run)
                    if run.epoch == 2 and batch == 3 then boom() end
                  end,
                  on_epoch_end = function(epoch) order[#order + 1] = "epoch_end " .. epoch end,
                  on_exception = function(message, run) order[#order + 1] = message end,
                  on_train_end = function(logs, run) order[#order + 1] = "train_end " .. run.end_reason end,
                } } })
                """))
        let expected =
            "script.lua:2: attempt to index a nil value (local 't') (callback 'callbacks[1]', "
            + "on_train_batch_end, epoch 2, batch 3)"
        #expect(error.message == expected)
        #expect(error.script == "script.lua")
        #expect(error.line == 2)
        #expect(error.traceback.contains("script.lua:5"))
        #expect(
            try state.run("return table.unpack(order)")
                == ["epoch_end 1", "epoch_end 2", .string(expected), "train_end failed"])
        // Another fit works.
        #expect(try state.run("return #model:fit(data, { verbose = 0 })") == [1])
    }

    @Test func `A script can catch an error of fit`() throws {
        let state = try lune(smallModel)
        let results = try state.run(
            """
            local ok, message = pcall(model.fit, model, data, { verbose = 0, \
            callbacks = { { on_epoch_end = function() error("no", 0) end } } })
            local ok2, value = pcall(model.fit, model, data, { verbose = 0, \
            callbacks = { { on_epoch_end = function() error({ code = 7 }) end } } })
            return ok, message, ok2, value.code
            """)
        #expect(results == [false, "no (callback 'callbacks[1]', on_epoch_end, epoch 1)", false, 7])
    }

    @Test(
        arguments: [
            (
                "logs.score = 'high'",
                "script.lua:2: logs.score must be a number, got 'high' (callback 'callbacks[1]', "
                    + "on_epoch_end, epoch 1)"
            ),
            (
                "logs.score = {}",
                "script.lua:2: logs.score must be a number, got table (callback 'callbacks[1]', "
                    + "on_epoch_end, epoch 1)"
            ),
            (
                "run.model.optimizer.lr = 'x'",
                "script.lua:2: bad value for 'optimizer.learning_rate' (number or schedule expected, "
                    + "got 'x') (callback 'callbacks[1]', on_epoch_end, epoch 1)"
            ),
            (
                "run.epok = 1",
                "script.lua:2: unknown field 'epok' of run; did you mean 'epoch'? (callback "
                    + "'callbacks[1]', on_epoch_end, epoch 1)"
            ),
            (
                "run.model:fit(data)",
                "script.lua:2: fit: this model is being trained already (callback 'callbacks[1]', "
                    + "on_epoch_end, epoch 1)"
            ),
        ])
    func `What a callback must not do`(statement: String, expected: String) throws {
        let got = try message(
            "model:fit(data, { verbose = 0, callbacks = { {\n on_epoch_end = function(epoch, logs, "
                + "run) \(statement) end } } })")
        #expect(got == expected)
    }

    @Test(
        arguments: [
            (
                "model:fit(lune.zeros(8, 5), lune.zeros(8), { verbose = 0 })",
                "model 'sequential', first layer 'dense', takes float32[4], the data give float32[5] "
                    + "(shapes without the batch)"
            ),
            (
                "local m = lune.sequential { lune.dense(3), lune.max_pooling2d() } m:compile { loss = "
                    + "'mse' } m:fit(lune.zeros(8, 5), lune.zeros(8), { verbose = 0 })",
                "layer 'max_pooling2d' (max_pooling2d): takes an input of 4 axes with the batch, got shape [n, 3]"
            ),
            (
                "model:fit(x, lune.full({64}, 4), { verbose = 0 })",
                "row 1: column 'y': label 4 is out of range; there are 4 classes, 0...3"
            ),
            (
                "local t = lune.zeros(64) t[5] = -1 model:fit(x, t, { verbose = 0 })",
                "row 5: column 'y': label -1 is out of range; there are 4 classes, 0...3"
            ),
            (
                "local t = lune.zeros(64) t[5] = 0.5 model:fit(x, t, { verbose = 0 })",
                "row 5: column 'y': label 0.5 is not a whole number"
            ),
            (
                "local t = x:clone() t[{ 7, 2 }] = 0/0 lune.data.tensors(t, y)",
                "row 7: column 'x[2]': nan is not finite"
            ),
            (
                "lune.data.tensors({ { 1, 2 }, { 3 } }, { 0, 1 })",
                "bad argument #1 to 'tensors' (row 2: ragged rows: 2 values expected, got 1)"
            ),
            ("lune.data.tensors({}, {})", "bad argument #1 to 'tensors' (an empty table has no numbers)"),
            ("lune.data.tensors(lune.zeros(3, 2), lune.zeros(4))", "y has 4 examples where x has 3"),
            ("data:split(0.001)", "split: 0.001 of 64 examples leaves 0 and 64; neither part may be empty"),
            ("data:split(2)", "bad argument #1 to 'split' (number from 0 to 1 expected, got 2)"),
            ("lune.data.csv('/nowhere/x.csv')", "/nowhere/x.csv: cannot be read: No such file or directory"),
            (
                "model:fit(lune.data.generator(function() return function() end end), { verbose = 0 })",
                "generator: the generator gives no examples"
            ),
            (
                "model:fit(lune.data.generator(function() end), { verbose = 0 })",
                "a generator must return a function that gives the next examples"
            ),
        ])
    func `Data that do not fit`(text: String, expected: String) throws {
        let got = try message(text)
        #expect(got == "script.lua:1: " + expected)
    }
}
