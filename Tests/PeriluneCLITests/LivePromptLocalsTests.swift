import Testing

/// What the live prompt of an interrupted fit shows of the script around it.
@Suite struct LivePromptLocalsTests {
    private static let script = """
        local lune = require "perilune"
        lune.seed(1)
        local train, val = lune.data.digits():split(0.8)
        local function learn(epochs)
          local model = lune.sequential { lune.dense(10) }
          model:compile { optimizer = "sgd", loss = "sparse_categorical_crossentropy" }
          local history = model:fit(train, { epochs = epochs, verbose = 0, callbacks = {
            { on_train_batch_end = function(batch, logs, run)
                if run.step == 10 then print("ready") io.stdout:flush() end
              end },
          } })
          return history, val
        end
        learn(1000000)
        """

    @Test func `Ctrl-C shows the locals of the function that called fit`() throws {
        let terminal = try PseudoTerminal("perilune", ["-e", Self.script])
        try terminal.expect("ready\n")
        terminal.type(PseudoTerminal.controlC)
        try terminal.expect("run> ")
        terminal.enter("epochs, run:evaluate(val).loss > 0, #train")
        try terminal.expect("\n1000000\ntrue\n1437\nrun> ")
        // Those of the run come first, and numbers that count are whole.
        terminal.enter("model == run.model, math.type(logs.step), math.type(logs.loss)")
        try terminal.expect("\ntrue\n\"integer\"\n\"float\"\nrun> ")
        terminal.enter("stop")
        #expect(try terminal.end() == 0)
    }

    @Test func `they are there for somebody attached, too`() throws {
        let run = try RunInBackground(Self.script)
        #expect(try run.attach("-e", "#val, epochs").output == "360\n1000000\n")
        #expect(try run.attach("-e", "stop").status == 0)
    }

    @Test func `a fit that was typed shows nothing of the prompt itself`() throws {
        let terminal = try PseudoTerminal("perilune", ["repl"])
        let lines = Self.script.split(separator: "\n").dropLast().map(String.init) + ["return learn(1000000)"]
        for line in lines { terminal.enter(line) }
        try terminal.expect("> ready\n")
        terminal.type(PseudoTerminal.controlC)
        try terminal.expect("run> ")
        terminal.enter("chunk, results, epochs")
        try terminal.expect("\nnil\nnil\n1000000\nrun> ")
        terminal.enter("stop")
        try terminal.expect("> ")
    }
}
