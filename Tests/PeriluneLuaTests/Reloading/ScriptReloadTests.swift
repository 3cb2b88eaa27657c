import Perilune
import Testing

/// `lune.script(path, { reload = true })`, while the file is edited between epochs.
@Suite struct ScriptReloadTests {
    /// A small model, a function that writes the file, and one that trains with it. `edits` maps epochs to what the
    /// file holds after them; `false` takes it away.
    private static let prelude =
        smallModel + """
             path = os.tmpname()
            function write(text)
              -- As most editors do: a new file takes the place of the old one.
              local file = io.open(path .. ".new", "wb") file:write(text) file:close()
              os.rename(path .. ".new", path)
            end
            function train(first, edits, epochs, options)
              write(first)
              local script = lune.script(path, options or { reload = true })
              local editor = { on_checkpoint = function(epoch)
                local text = edits[epoch]
                if text then write(text) elseif text == false then os.remove(path) end
              end }
              local history = model:fit(data, { epochs = epochs, verbose = 0, callbacks = { script, editor } })
              os.remove(path)
              return history, script
            end
            """

    private func run(_ text: String) throws -> (values: [LuaValue], messages: [String]) {
        let state = try lune(Self.prelude)
        var messages: [String] = []
        state.runHooks.message = { messages.append($0) }
        let values = try state.run(text)
        let path = state[global: "path"].string ?? ""
        return (values, messages.map { $0.replacing(path, with: "FILE") })
    }

    @Test func `An edit takes effect with the next epoch, and state stays`() throws {
        let (values, messages) = try run(
            """
            local version = "function on_epoch_end(epoch, logs) state.count = (state.count or 0) + 1 "
              .. "logs.version = %d logs.count = state.count end"
            local history = train(version:format(1), { [2] = version:format(2) }, 4)
            return table.concat(history.version, " "), table.concat(history.count, " ")
            """)
        #expect(values == ["1.0 1.0 2.0 2.0", "1.0 2.0 3.0 4.0"])
        #expect(messages == ["FILE: read again"])
    }

    /// In the file's own words, which run again with each edit.
    @Test(
        arguments: [
            "state = { n = 0, step = %d } ", "state = { n = 0, step = %d } local own = state ",
            "state.n = state.n or 0 state.step = %d ", "state = nil step = %d ",
        ])
    func `A file that says how its state begins does not begin anew`(beginning: String) throws {
        let (values, messages) = try run(
            """
            local version = "\(beginning) function on_epoch_end(epoch, logs) local s = own or state "
              .. "s.n = (s.n or 0) + 1 logs.n = state.n logs.step = s.step or step end"
            local history = train(version:format(1), { [2] = version:format(2), [3] = version:format(3) }, 4)
            return table.concat(history.n, " "), table.concat(history.step, " ")
            """)
        #expect(values[0] == "1.0 2.0 3.0 4.0")
        // What it kept counts, not what it would have begun with.
        #expect(values[1] == (beginning.hasPrefix("state = {") ? "1.0 1.0 1.0 1.0" : "1.0 1.0 2.0 3.0"))
        #expect(messages.count == 2)
    }

    @Test func `A file may define other events than before, gradients among them`() throws {
        let (values, messages) = try run(
            """
            begun, norms = {}, 0
            local history = train("function on_epoch_end(epoch, logs) logs.seen = 1 end", {
              [1] = "function on_epoch_begin(epoch) begun[#begun + 1] = epoch end "
                .. "function on_backward_end(batch, logs, run) "
                .. "if run:gradients()['dense/kernel']:norm():item() > 0 then state.n = (state.n or 0) + 1 "
                .. "end begun.norms = state.n end",
            }, 3)
            return table.concat(begun, " "), begun.norms, #history.epoch, history.seen[1]
            """)
        // 64 rows in batches of 32, two epochs.
        #expect(values == ["2 3", 4, 3, 1])
        #expect(messages == ["FILE: read again"])
    }

    @Test(arguments: [
        (
            "function on_epoch_end(epoch logs)",
            "FILE:1: ')' expected near 'logs'\n1 | function on_epoch_end(epoch logs)\n  |"
                + "                             ^"
        ),
        ("local x = nothing.here", "FILE:1: attempt to index a nil value (global 'nothing')"),
        (
            "function on_epoch_ends() end", "FILE:1: unknown event 'on_epoch_ends'; did you mean 'on_epoch_end'?"
        ),
        ("on_epoch_end = 5", "FILE: on_epoch_end must be a function, got 5"),
        ("return 5", "FILE returns 5; a file of callbacks returns a callback"),
        (
            "function on_epoch_end() end return { on_epoch_end = print }",
            "FILE returns a callback and defines on_epoch_end as well; one of the two will do"
        ),
    ]) func `A broken edit keeps the old version and is told once`(text: String, expected: String) throws {
        let (values, messages) = try run(
            """
            local history = train("function on_epoch_end(epoch, logs) logs.version = 1 end",
              { [1] = [==[\(text)]==], [4] = "function on_epoch_end(epoch, logs) logs.version = 2 end" }, 5)
            return table.concat(history.version, " ")
            """)
        #expect(values == ["1.0 1.0 1.0 1.0 2.0"])
        #expect(
            messages == [
                "FILE: the edit does not work, so the version before stays: " + expected, "FILE: read again",
            ])
    }

    @Test func `A file that is gone for a moment keeps the old version quietly`() throws {
        let (values, messages) = try run(
            """
            local history = train("function on_epoch_end(epoch, logs) logs.version = 1 end",
              { [1] = false, [3] = "function on_epoch_end(epoch, logs) logs.version = 2 end" }, 4)
            return table.concat(history.version, " ")
            """)
        #expect(values == ["1.0 1.0 1.0 2.0"])
        #expect(messages == ["FILE: read again"])
    }

    @Test func `Nothing is read again unless it was asked for`() throws {
        let (values, messages) = try run(
            """
            local history = train("function on_epoch_end(epoch, logs) logs.version = 1 end",
              { [1] = "function on_epoch_end(epoch, logs) logs.version = 2 end" }, 3, {})
            return table.concat(history.version, " ")
            """)
        #expect(values == ["1.0 1.0 1.0"])
        #expect(messages == [])
    }

    @Test func `An edit between two runs is there from the first event on`() throws {
        let (values, _) = try run(
            """
            write("function on_train_begin() begun = 1 end")
            local script = lune.script(path, { reload = true })
            local seen = {}
            notify = function(text) seen[#seen + 1] = text end
            model:fit(data, { verbose = 0, callbacks = { script } })
            write("function on_train_begin(logs, run) notify('second ' .. run.params.epochs) end")
            model:fit(data, { verbose = 0, epochs = 2, callbacks = { script } })
            model:evaluate(data, { verbose = 0, callbacks = { script } })
            os.remove(path)
            return table.concat(seen, ", ")
            """)
        #expect(values == ["second 2"])
    }

    @Test func `A file may return a table of functions`() throws {
        let (values, _) = try run(
            """
            local text = "local own = { state = {} } "
              .. "function own.on_epoch_end(epoch, logs) own.state.n = (own.state.n or 0) + 1 logs.n = own.state.n "
              .. "logs.version = %d end return own"
            local history = train(text:format(1), { [2] = text:format(2) }, 3)
            return table.concat(history.n, " "), table.concat(history.version, " ")
            """)
        #expect(values == ["1.0 2.0 3.0", "1.0 1.0 2.0"])
    }

    @Test func `A file may return an instance, whose state stays and whose fields are new`() throws {
        let (values, messages) = try run(
            """
            local text = "local lune = require 'perilune' local Mine = lune.callback() "
              .. "function Mine:on_epoch_end(epoch, logs) self.state.sum = (self.state.sum or 0) + self.step "
              .. "logs.sum = self.state.sum assert(self.model == model and self.params.epochs == 4) end "
              .. "return Mine { step = %d }"
            local history = train(text:format(1), { [2] = text:format(10), [3] = "return lune.callback()" }, 4)
            return table.concat(history.sum, " ")
            """)
        #expect(values == ["1.0 2.0 12.0 22.0"])
        #expect(
            messages == [
                "FILE: read again",
                "FILE: the edit does not work, so the version before stays: FILE is a class; make an instance of it: "
                    + "Class {}",
            ])
    }

    @Test func `A file may return a callback with a filter`() throws {
        let (values, _) = try run(
            """
            seen = {}
            train("return lune.on('epoch_end', { every = 2 }, function(epoch) seen[#seen + 1] = epoch end)",
              { [4] = "return lune.on('epoch_end', { every = 3 }, function(epoch) seen[#seen + 1] = epoch end)" }, 9)
            return table.concat(seen, " ")
            """)
        #expect(values == ["2 4 6 9"])
    }

    @Test func `An error in a file says where, before and after an edit`() throws {
        let state = try lune(Self.prelude)
        state.runHooks.message = { _ in }
        let error = state.failure(
            "train('function on_epoch_end() end', { [1] = '\\n\\nfunction on_epoch_end() return { lrr = 1 } end' }, 3)")
        let path = state[global: "path"].string ?? "?"
        #expect(error?.message.hasPrefix("\(path):3: ") == true, "\(error?.message ?? "")")
        #expect(error?.message.hasSuffix("(callback '\(path)', on_epoch_end, epoch 2)") == true)
        #expect(error?.message.contains("did you mean 'lr'?") == true)
    }

    @Test func `Many edits leave nothing behind`() throws {
        let state = try lune(Self.prelude)
        state.runHooks.message = { _ in }
        let edits = """
            local edits = setmetatable({}, { __index = function(_, epoch)
              return "local big = ('x'):rep(100000) function on_epoch_end() return nil, big end -- " .. epoch
            end })
            """
        try state.run(edits + " train('function on_epoch_end() end', edits, 5)")
        let before = state.collectGarbage()
        try state.run(edits + " train('function on_epoch_end() end', edits, 40)")
        #expect(state.collectGarbage() < before + 300_000)
    }
}
