import Glibc
import Perilune
import Testing

/// `lune.data.csv` as scripts use it.
@Suite struct CSVBindingTests {
    /// Runs `text` with the files `train` and `test` at hand.
    private func run(_ train: String, _ test: String = "", _ text: String) throws -> LuaState {
        let state = try lune()
        let paths = [train, test].map { content -> String in
            var template = Array((P_tmpdir + "/perilune-csv-XXXXXX").utf8CString)
            let descriptor = template.withUnsafeMutableBufferPointer { mkstemp($0.baseAddress!) }
            let bytes = Array(content.utf8)
            _ = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            close(descriptor)
            return template.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
        }
        defer { for path in paths { unlink(path) } }
        try state.run("train_path, test_path = '\(paths[0])', '\(paths[1])'")
        try state.run(text)
        return state
    }

    private func fault(_ train: String, _ options: String) -> String {
        do {
            _ = try run(train, "", "lune.data.csv(train_path, \(options))")
            return "no error"
        } catch { return "\(error)" }
    }

    private let passengers = "age,sex,port,y\n10,m,S,0\n,f,C,1\n30,m,NA,0\n40,f,S,1\n"

    @Test func aSecondFileIsReadAlike() throws {
        let state = try run(
            passengers, "port,sex,age\nC,f,\nX,m,7\n",
            """
            train = lune.data.csv(train_path, {
                target = "y", categories = { "sex", "port" }, unknown = { port = "other" },
                missing = { fill = "mean", indicator = true, columns = { port = { fill = "S", indicator = false } } } })
            test = lune.data.csv(test_path, { like = train })
            names = table.concat(train.column_names, " ")
            ports = table.concat(train.vocabulary.port, " ")
            values = table.concat(test:x():reshape({ 8 }):totable(), " ")
            columns = #train.column_names
            """)
        #expect(state.globals["names"].string == "age sex port age_missing")
        #expect(state.globals["ports"].string == "C S other")
        #expect(state.globals["values"].string == "26.666666030884 0.0 0.0 1.0 7.0 1.0 2.0 0.0")
    }

    @Test func formats() throws {
        let state = try run(
            "made up\n% none\n1.234,5  a\n2,25\tb\n", "",
            """
            data = lune.data.csv(train_path, { delimiter = "whitespace", skip_rows = 1, comment = "%", decimal = ",",
                thousands = ".", header = false, target = 2, categories = 2, vocabulary = { [2] = { "b", "a" } } })
            x, y = data:x():totable(), data:y():totable()
            first, second, label = x[1][1], x[2][1], y[1]
            """)
        #expect(state.globals["first"].number == 1234.5)
        #expect(state.globals["second"].number == 2.25)
        #expect(state.globals["label"].number == 1)
    }

    @Test func faults() {
        let expected = [
            ("{ missing = { fill = 'meen' } }", "'meen' cannot fill it; did you mean 'mean'?"),
            ("{ missing = { indicator = true } }", "fill is needed: 'mean', 'median'"),
            ("{ missing = { fil = 'mean' } }", "unknown option 'missing.fil' in csv; did you mean 'fill'?"),
            (
                "{ missing = { columns = { age = { fil = 'mean' } } } }",
                "columns: unknown field 'fil'; did you mean 'fill'?; a table of values, fill and indicator expected"
            ),
            ("{ missing = { fill = 'mean', columns = { aeg = { fill = 'mean' } } } }", "did you mean 'age'?"),
            ("{ missing = { fill = 'mean', columns = { 3 } } }", "a value for each column expected, got [1] = 3"),
            ("{ vocabulary = { sex = 'm' } }", "a list of words for each column expected, got 'sex' = 'm'"),
            ("{ encoding = 'latin-1' }", "'utf8' or 'latin1' expected, got 'latin-1'"),
            ("{ decimal = ';' }", "'.' or ',' expected, got ';'"),
            ("{ skip_rows = -1 }", "integer of at least 0 expected, got -1"),
            ("{ comment = '##' }", "one character expected, got '##'"),
            ("{ like = lune.data.iris() }", "a data set of lune.data.csv expected; this one is of no table"),
            ("{ exclude = 'prot' }", "there is no column 'prot'; did you mean 'port'?"),
            ("{ target = 'y' }", "column 'sex': 'm' is not a number; name the column under categories"),
        ]
        for (options, message) in expected {
            let text = fault(passengers, options)
            #expect(text.contains(message), "\(options): \(text)")
        }
    }

    @Test func normalizedDataGoStraightIntoAModel() throws {
        let state = try lune(smallModel)
        try state.run(
            """
            local train, stats = data:normalize()
            again, more = train:normalize(stats)
            logs = model:evaluate(data:normalize(stats))
            ok, message = pcall(data.normalize, data, more)
            """)
        #expect(state.globals["again"].isNil == false)
        #expect(state.globals["more"].isNil)
        #expect(state.globals["logs"].table?["loss"].number != nil)
        #expect(state.globals["message"].string?.contains("statistics expected, got nil") == true)
    }

    @Test func classWeights() throws {
        func message(_ weights: String) throws -> String? {
            try lune(smallModel).failure("model:fit(data, { verbose = 0, class_weight = \(weights) })")?.message
        }
        #expect(try message("{ 1, 2, 3, 4 }") == nil)
        #expect(try message("{ [0] = 1, [3] = 3 }") == nil)
        #expect(try message("{ 1, 2, 3 }")?.contains("there are 4 classes, and 3 weights") == true)
        #expect(try message("{ [99] = 3 }")?.contains("there is no class 99; there are 4, 0...3") == true)
        #expect(try message("{ [0] = -1 }")?.contains("must be a number of 0 or more") == true)
    }
}
