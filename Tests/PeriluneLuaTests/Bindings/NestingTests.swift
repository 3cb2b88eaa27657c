import Perilune
import PeriluneItems
import PeriluneLua
import Testing

/// What a script nests is walked by recursion: there is one bound, far from where the stack ends.
@Suite struct NestingTests {
    @Test(arguments: [
        ("callbacks in any", "local c = lune.time_budget(10) for i = 1, 100000 do depth = i c = lune.any { c } end"),
        ("callbacks in all", "local c = lune.time_budget(10) for i = 1, 100000 do depth = i c = lune.all { c } end"),
        (
            "cells in cells",
            "local c = lune.gru_cell(2) for i = 1, 100000 do depth = i c = lune.stacked_rnn_cells { c } end"
        ),
        ("layers of layers", "local l = lune.dense(4) for i = 1, 100000 do depth = i l = lune.time_distributed(l) end"),
        ("models in models", "local m = lune.dense(4) for i = 1, 100000 do depth = i m = lune.sequential { m } end"),
    ]) func `Nesting has a bound`(what: String, script: String) throws {
        let state = try lune()
        let error = try #require(state.failure(script))
        #expect(error.message.contains("nested more than"), "\(what): \(error.message)")
        let depth = try #require(state[global: "depth"].integer)
        #expect((60...Nesting.deepest).contains(depth))
        #expect(try state.run("return 1") == [1])
    }

    /// One callback that is held twice, by one that is held twice in its turn …
    @Test func `Sharing has a bound`() throws {
        let state = try lune()
        let error = try #require(
            state.failure("local c = lune.time_budget(10) for i = 1, 64 do depth = i c = lune.any { c, c } end"))
        #expect(error.message.contains("callbacks are nested so that there are more than 10000"), "\(error.message)")
        #expect((10...14).contains(try #require(state[global: "depth"].integer)))
    }

    /// Of these nothing is nested, or it is not walked.
    @Test(arguments: [
        "local d = lune.data.iris() for i = 1, 100000 do d = d:take(100) end text = tostring(d)",
        "local c = lune.callback() for i = 1, 100000 do c = lune.callback(c) end pcall(function() return c {} end)",
        "local x, l = lune.input { 4 }, lune.dense(4) for i = 1, 20000 do x = l(x) end x = nil collectgarbage()",
        "local t = {} for i = 1, 100000 do t = { t } end pcall(lune.tensor, t) pcall(lune.dense, t) text = tostring(t)",
        "local e = lune.early_stopping() for i = 1, 2000 do e = lune.on('epoch_end', { every = 1 }, "
            + "function() return e end) end",
    ]) func `A hundred thousand levels do no harm`(script: String) throws {
        let state = try lune()
        try state.run(script)
        try state.run("collectgarbage() collectgarbage()")
        #expect(try state.run("return 1") == [1])
    }

    @Test func `State that is nested too deep is not saved, and says so`() throws {
        let script = try LuaScript(
            source: "state = {} local t = state for i = 1, 100000 do t.x = {} t = t.x end function on_epoch_end() end")
        let error = #expect(throws: (any Error).self) { try script.savedState }
        #expect("\(try #require(error))".contains("nested too deeply"))
    }

    @Test func `A file that loads itself is an error`() throws {
        let file = try ScriptFile("")
        try file.write("return lune.script('\(file.path)')")
        let state = try lune(" lune.x = 1")
        try state.run("lune = require 'perilune'")
        #expect(state.failure("lune.script('\(file.path)')") != nil)
        #expect(try state.run("return 1") == [1])
    }
}
