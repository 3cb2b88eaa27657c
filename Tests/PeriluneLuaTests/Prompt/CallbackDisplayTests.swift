import Testing

@Suite struct CallbackDisplayTests {
    @Test func `a callback shows what it tells of its last run`() throws {
        let typed = try TypedPrompt(lune(smallModel))
        _ = typed.type("stopper = lune.early_stopping { monitor = 'loss', patience = 3 }")
        let fresh = typed.type("stopper")
        #expect(
            fresh == """
                callback early_stopping
                  best           nil
                  best_epoch     0
                  best_step      0
                  monitor        loss
                  patience       3
                  stopped_epoch  0
                  stopped_step   0
                  wait           0

                """)
        _ = typed.type("model:fit(data, { epochs = 2, verbose = 0, callbacks = { stopper } });")
        #expect(typed.type("stopper").contains("\n  best           1."))
        #expect(typed.type("lune.callback()").isEmpty == false)
        _ = typed.type("rates = lune.lr_monitor { every = { steps = 1 } }")
        _ = typed.type("model:fit(data, { epochs = 2, verbose = 0, callbacks = { rates } });")
        #expect(typed.type("rates").contains("\n  steps           a list of 4\n"))
        #expect(typed.type("{ stopper }") == "{callback early_stopping}\n")
    }
}
