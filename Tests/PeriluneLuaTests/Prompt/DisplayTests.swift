import PeriluneData
import PeriluneLua
import PerilunePrompt
import Testing

@Suite struct PromptDisplayTests {
    @Test func `a tensor shows shape, type, statistics and numbers`() throws {
        let typed = try TypedPrompt()
        #expect(
            typed.type("lune.tensor{{1, 2}, {3, 6}}") == """
                tensor float32[2, 2]  mean 3  std 1.871  min 1  max 6
                [[1.0000, 2.0000],
                 [3.0000, 6.0000]]

                """)
        #expect(typed.type("lune.tensor(3)") == "tensor float32[] 3.0000\n")
        #expect(
            typed.type("lune.tensor({ 1, 2, 0/0, 1/0, -1/0 })").hasPrefix(
                "tensor float32[5]  mean 1.5  std 0.5  min 1  max 2  1 nan  2 inf\n"))
        #expect(typed.type("lune.tensor({ 0/0, 0/0 })").hasPrefix("tensor float32[2]  2 nan\n"))
        #expect(typed.type("lune.tensor({ 1000001, 1000002 }, { dtype = 'int32' })").contains("std 0.5"))
    }

    @Test func `long rows are cut to the width`() throws {
        let typed = try TypedPrompt(nil, PromptStyle(width: 60, height: 20))
        for input in ["lune.arange(100)", "lune.zeros(100, 100)", "lune.zeros(9, 9)", "lune.zeros(6, 6, 6, 6)"] {
            let lines = typed.type(input).split(separator: "\n").dropFirst()
            #expect(lines.allSatisfy { $0.count <= 60 }, "\(input)")
            #expect(lines.count <= 17)
        }
        #expect(typed.type("lune.zeros(6, 6, 6, 6)").contains("\n… 200 more rows\n"))
    }

    @Test func `a model shows its layers and how it trains`() throws {
        let typed = try TypedPrompt(lune(smallModel))
        let text = typed.type("model")
        #expect(text.hasPrefix("Model: \"sequential\"\n┌"))
        #expect(text.hasSuffix(" Optimizer: adam, learning rate 0.01; loss: sparse_categorical_crossentropy\n"))
        #expect(typed.type("lune.sequential { lune.dense(1) }").hasSuffix(" Not compiled.\n"))
        #expect(typed.type("{ model }") == "{layer 'sequential' (sequential)}\n")
    }

    @Test func `a deep model is cut`() throws {
        let deep = "local layers = {} for i = 1, 300 do layers[i] = lune.dense(1) end return lune.sequential(layers)"
        let text = try TypedPrompt().type(deep)
        #expect(text.contains("… 266 more lines"))
        #expect(text.count { $0 == "\n" } < 50)
    }

    @Test func `a layer shows its weights`() throws {
        let typed = try TypedPrompt(lune(smallModel))
        let pattern =
            #/
            layer\ 'dense'\ \(dense\)\n
            \ \ \[4\]\ →\ \[8\]\n
            \ \ kernel\ \ float32\[4,\ 8\]\ \ mean\ .*\n
            \ \ bias\ \ \ \ float32\[8\]\ \ mean\ 0\ .*\n
            /#
        #expect(typed.type("model.layers[1]").wholeMatch(of: pattern) != nil, "\(typed.shown)")
        _ = typed.type("model.layers[1].trainable = false")
        #expect(typed.type("model.layers[1]").hasPrefix("layer 'dense' (dense), frozen\n"))
        #expect(typed.type("lune.dense(3, { name = 'free' })") == "layer 'free' (dense)\n")
    }

    @Test func `a reason that says no more than the end is left out`() throws {
        let typed = try TypedPrompt(lune(smallModel))
        _ = typed.type(
            "h = model:fit(data, { verbose = 0, callbacks = { { on_epoch_end = function() "
                + "return { stop = 'stopped' } end } } })"
        )
        #expect(typed.type("h").hasPrefix("history: 1 epoch, stopped\n"))
        #expect(typed.type("tostring(h)").contains("epochs, stopped; last"))
    }

    @Test func `a history shows its last rows and its course`() throws {
        let typed = try TypedPrompt(lune(smallModel))
        _ = typed.type(
            "h = model:fit(data, { epochs = 7, verbose = 0, callbacks = { { on_epoch_end = function(e, logs)",
            """
            h = model:fit(data, { epochs = 7, verbose = 0, callbacks = { { on_epoch_end = function(e, logs)
              logs.score = e * 10
              if e == 7 then return { stop = "enough" } end
            end } } })
            """)
        let lines = typed.type("h").split(separator: "\n").map(String.init)
        #expect(lines[0] == "history: 7 epochs, stopped (enough)")
        #expect(lines[1].split(separator: " ") == ["epoch", "loss", "accuracy", "lr", "score"])
        #expect(lines[2] == "    …")
        #expect(lines[3...7].map { $0.split(separator: " ").last } == ["30", "40", "50", "60", "70"])
        #expect(lines.last?.hasPrefix("score     ▁▂▃▅▆▇█  10 → 70") == true, "\(lines)")
    }

    @Test func `a course of many epochs keeps to its columns`() throws {
        let typed = try TypedPrompt(lune(smallModel))
        let lines = typed.type(
            """
            model:fit(data, { epochs = 100, verbose = 0, callbacks = { { on_epoch_end = function(e, logs)
              logs.level, logs.broken = 1e-3, e == 50 and 0/0 or e
            end } } })
            """
        ).split(separator: "\n")
        // The means of equal numbers are not equal to the last digit; that must not show.
        #expect(lines.contains { $0 == "level     \(String(repeating: "▁", count: 32))  0.001 → 0.001" })
        #expect(lines.contains { $0.hasPrefix("broken") && $0.contains("?") && $0.hasSuffix("1 → 100") })
        #expect(lines.allSatisfy { $0.count <= 80 })
    }

    @Test func `the library shows the names that it has`() throws {
        let typed = try TypedPrompt()
        let text = typed.type("lune")
        #expect(text.hasPrefix("module lune\n  accuracy, "))
        #expect(text.contains(" dense,"))
        #expect(text.split(separator: "\n").allSatisfy { $0.count <= 80 })
        #expect(typed.type("lune.data").contains("module lune.data\n  "))
        #expect(typed.type("lune.data").contains("digits"))
    }

    @Test func `data shows what the examples hold`() throws {
        let typed = try TypedPrompt()
        #expect(
            typed.type("lune.data.iris()") == """
                dataset: 150 examples
                  x  float32[4]  sepal length, sepal width, petal length, \
                petal width  mean 3.464  std 1.974  min 0.1  max 7.9
                  y  int32[]  setosa: 50  versicolor: 50  virginica: 50

                """)
        #expect(typed.type("lune.data.digits()").hasSuffix("  (as the first 1,000 examples have it)\n"))
        #expect(typed.type("lune.data.generator(function() end)").hasPrefix("dataset: a generator"), "\(typed.shown)")
    }

    @Test func `a run shows where it is`() throws {
        let typed = try TypedPrompt(lune(smallModel))
        _ = typed.type(
            """
            model:fit(data, { epochs = 3, verbose = 0, callbacks = { {
              on_epoch_end = function(e, logs, run) if e == 2 then return { stop = "seen" } end end,
              on_train_end = function(logs, r) run = r end } } })
            """)
        let pattern =
            #/
            run:\ epoch\ 2\ of\ 3,\ batch\ 2\ of\ 2,\ step\ 4,\ .*\ s,\ stopped\ \(seen\)\n
            model\ +sequential,\ 76\ parameters\n
            optimizer\ +adam,\ learning\ rate\ 0.01\n
            history:\ 2\ epochs.*
            /#
        #expect(typed.type("run").prefixMatch(of: pattern) != nil, "\(typed.shown)")
    }

    @Test func `an optimizer shows its hyper-parameters`() throws {
        let typed = try TypedPrompt()
        #expect(
            typed.type("lune.sgd { lr = lune.cosine_decay(0.1, 100), momentum = 0.9 }") == """
                optimizer sgd
                  learning_rate    0.1  by a schedule
                  momentum         0.9

                """)
    }

    @Test func `functions of the library show how they are called`() throws {
        let typed = try TypedPrompt()
        #expect(
            typed.type("lune.data.iris")
                == "function lune.data.iris() -- 150 irises of three species, by four measures. "
                + "The species come one after the other: shuffle first.\n"
        )
        #expect(typed.type("local d = lune.dense", "d").hasPrefix("function lune.dense(units, {"))
        #expect(typed.type("function f() end", "f") == "function -- prompt:1\n")
    }
}
