import PeriluneLua
import PerilunePrompt
import Testing

@Suite struct PromptHelpTests {
    @Test func `a question mark alone tells what there is`() throws {
        let typed = try TypedPrompt()
        typed.prompt.commands = [PromptCommand("step", parameters: "[n]", help: "train n batches") { _, _ in .left }]
        let text = typed.type("?")
        for part in ["step [n]", "train n batches", ":time LUA", ":quit", "?model:fit", "Tab", "Ctrl-C"] {
            #expect(text.contains(part), "\(part)")
        }
        #expect(typed.type(":help") == text)
    }

    @Test(arguments: ["?dense", "? dense", "dense?", "?lune.dense", "lune.dense?", ":help dense", "?d"])
    func `a name is explained`(input: String) throws {
        let typed = try TypedPrompt()
        _ = typed.type("local d = lune.dense")
        #expect(typed.type(input).hasPrefix(input == "?d" ? "dense(units" : "lune.dense(units"))
    }

    @Test(arguments: [
        ("?model:fit", "model:fit(data"), ("model:fit?", "model:fit(data"), ("?events", "events: "),
        ("?lune", "lune: Perilune"), ("?mine", "model: A network"), ("?mine:fit", "fit(data"),
        ("?mine.optimizer", "optimizer: How gradients"), ("?mine.layers[1]", "layer: A step"),
        ("?:time", ":time LUA: run it"),
        ("?fit", "model:fit(data"), ("?lr", "optimizer.learning_rate or lr"), ("?epoch_end", "events: "),
        ("?on_epoch_end", "events: "), ("?string.rep", "string.rep is a function of Lua's own library"),
        ("?summary", "model:summary"), ("?evaluate", "'evaluate' has several meanings"),
        ("?time", ":time LUA: run it"), ("?x5", "x5 is 5\n"), ("?lune.data", "data: Where examples come from."),
    ])
    func `topics, members, commands and variables are explained`(input: String, beginning: String) throws {
        let typed = try TypedPrompt(lune(smallModel + " mine = model x5 = 5"))
        #expect(typed.type(input).hasPrefix(beginning), "\(typed.shown)")
    }

    @Test func `an unknown topic names the nearest`() throws {
        let typed = try TypedPrompt()
        #expect(typed.prompt.evaluate("?densee") == .failed)
        #expect(typed.shown == "there is no help on 'densee'; did you mean 'dense'?\n")
    }

    @Test(arguments: [("quit", ":quit or Ctrl-D"), ("exit()", ":quit or Ctrl-D"), ("help", "?name explains")])
    func `the words of other prompts are answered where they stand for nothing`(word: String, answer: String) throws {
        #expect(try TypedPrompt().type(word).contains(answer))
        // Where they are names of the session they are Lua.
        #expect(try TypedPrompt().type("quit, exit, help = 1, print, 3", word) != TypedPrompt().type(word))
    }

    @Test func `a question mark within Lua is none`() throws {
        #expect(try TypedPrompt().type("x = 'really?'", "x") == "\"really?\"\n")
        #expect(try TypedPrompt().type("'dense' ?").contains("<eof> expected near '?'"))
    }
}
