import Perilune
import Testing

/// Files that are missing, empty, truncated or wrong, read by a script.
@Suite struct FileErrorTests {
    @Test(
        arguments: [
            ("", "lune.data.csv(path)", "PATH: the file is empty"),
            ("a,b\\n1,2\\n3\\n", "lune.data.csv(path)", "PATH:3: "),
            ("a,b\\n1,2\\n3,x\\n", "lune.data.csv(path)", "PATH:3: column 'b': 'x' is not a number"),
            ("a,b\\n1,2\\n3,nan\\n", "lune.data.csv(path)", "PATH:3: column 'b': "),
            ("a,b\\n1,2\\n", "lune.data.csv(path, { target = 'c' })", "PATH: "),
            ("\\0\\0\\8\\3\\0\\0", "lune.data.idx(path)", "PATH: "),
            ("hello", "lune.data.idx(path)", "PATH: "),
            ("\\31\\139\\8\\0", "lune.data.csv(path)", "PATH: "),
            ("on_epoch_end = function(", "lune.script(path)", "PATH:1: "),
            ("error('at once')", "lune.script(path)", "PATH:1: at once"),
            (
                "function on_epoc_end() end",
                "lune.script(path)",
                "PATH:1: unknown event 'on_epoc_end'; did you mean 'on_epoch_end'?"
            ),
            ("x = 1", "lune.script(path)", "PATH has no function for an event; events are "),
        ])
    func `A file's fault has its place`(content: String, expression: String, expected: String) throws {
        let state = try lune()
        let results = try state.run(
            """
            local path = os.tmpname()
            local file = io.open(path, "wb") file:write("\(content)") file:close()
            local ok, message = pcall(function() return \(expression) end)
            os.remove(path)
            return ok, message:gsub(path, "PATH"), nil
            """)
        #expect(results[0] == false)
        let message = try #require(results[1].string)
        #expect(message.hasPrefix(expected) || message.hasPrefix("script.lua:3: " + expected), "\(message)")
    }

    @Test func `A script file is a callback, and is read again when it changed`() throws {
        let state = try lune(smallModel)
        let results = try state.run(
            """
            local path = os.tmpname()
            local function write(text) local f = io.open(path, "wb") f:write(text) f:close() end
            write("calls = 0 function on_epoch_end(epoch, logs) logs.version = 1 end")
            local script = lune.script(path, { reload = true })
            local history = model:fit(data, { epochs = 5, verbose = 0, callbacks = { script, \
            { on_epoch_end = function(epoch)
              if epoch == 2 then write("function on_epoch_end(epoch, logs) logs.version = 2 --[[ longer ]] end") end
              if epoch == 4 then write("function on_epoch_end(epoch logs") end
            end } } })
            os.remove(path)
            return table.concat(history.version, " "), calls
            """)
        #expect(results == ["1.0 1.0 2.0 2.0 2.0", .nil])
    }

    @Test func `The csv logger writes what happened`() throws {
        let state = try lune(smallModel)
        let results = try state.run(
            """
            local path = os.tmpname()
            model:fit(data, { epochs = 2, verbose = 0, callbacks = { lune.csv_logger(path) } })
            local lines = {}
            for line in io.lines(path) do lines[#lines + 1] = line end
            os.remove(path)
            return #lines, lines[1]
            """)
        #expect(results[0] == 3)
        #expect(results[1].string?.hasPrefix("epoch,loss,accuracy,") == true)
    }
}
