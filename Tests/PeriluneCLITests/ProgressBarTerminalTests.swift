import Testing

/// The progress bar on a terminal whose window changes.
@Suite struct ProgressBarTerminalTests {
    @Test func `the bar is as long as the window is wide just now`() throws {
        let script = """
            local lune = require "perilune"
            local data = lune.data.digits()
            local model = lune.sequential { lune.dense(10) }
            model:compile { optimizer = "sgd", loss = "sparse_categorical_crossentropy", metrics = { "accuracy" } }
            model:fit(data, { epochs = 2, validation = data, verbose = 1, callbacks = {
              { on_epoch_begin = function(epoch) if epoch == 2 then os.execute("stty cols 40") \
            print("narrow") end end },
            } })
            """
        let terminal = try PseudoTerminal("perilune", ["-e", script])
        let wide = try terminal.expect("narrow\n")
        #expect(try terminal.end() == 0)
        // The last line of an epoch may be longer: nothing is drawn over it.
        func longest(_ text: some StringProtocol) -> Int {
            text.split(separator: "\r").filter { !$0.contains("\n") }.map(\.count).max() ?? 0
        }
        #expect(longest(wide) > 80)
        let narrow = terminal.output.split(separator: "narrow\n").last ?? ""
        #expect(narrow.contains("45") || narrow.contains("57"), "\(narrow)")
        #expect((1...40).contains(longest(narrow)), "\(narrow)")
    }
}
