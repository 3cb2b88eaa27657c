import PeriluneGraph
import Testing

@testable import PeriluneData

/// Cells without a value: what they look like, what stands for them, and that a second file gets the same.
@Suite struct CSVMissingTests {
    private let text = """
        age,sex,fare,y
        10,m,1,0
        ,f,2,1
        30,NA,?,0
        40,m,4,1
        """

    private func read(_ text: String, _ change: (inout CSVOptions) -> Void) throws -> Dataset {
        let file = TemporaryFile(text)
        var options = CSVOptions(targets: ["y"], categories: ["sex"])
        change(&options)
        return try withExtendedLifetime(file) { try .csv(file.path, options: options) }
    }

    private func column(_ data: Dataset, _ index: Int) throws -> [Float] {
        let width = data.layout?.inputs[0].columnNames.count ?? 1
        return try data.input().floats.enumerated().filter { $0.offset % width == index }.map(\.element)
    }

    @Test(
        arguments: [
            (MissingValues.Fill.mean, [10, 80.0 / 3, 30, 40], [1, 2, 7.0 / 3, 4]),
            (.median, [10, 30, 30, 40], [1, 2, 2, 4]),
            (.mode, [10, 10, 30, 40], [1, 2, 1, 4]),
        ] as [(MissingValues.Fill, [Float], [Float])])
    func fillings(fill: MissingValues.Fill, age: [Float], fare: [Float]) throws {
        let data = try read(text) { $0.missing = MissingValues(fill: fill) }
        #expect(try column(data, 0) == age)
        #expect(try column(data, 1) == [1, 0, 1, 1])
        #expect(try column(data, 2) == fare)
    }

    @Test func numbersAndWords() throws {
        let data = try read(text) {
            $0.missing = MissingValues(fill: .mode)
            $0.missingByColumn = [
                "age": MissingValues(fill: .number(-1)), "sex": MissingValues(fill: .word("unknown")),
            ]
        }
        #expect(try column(data, 0) == [10, -1, 30, 40])
        #expect(data.table?.features[1].vocabulary == ["f", "m", "unknown"])
        #expect(try column(data, 1) == [1, 0, 2, 1])
    }

    @Test func rowsAreDropped() throws {
        let data = try read(text) { $0.missing = MissingValues(fill: .drop) }
        #expect(try column(data, 0) == [10, 40])
        #expect(try data.inMemory("test").store.lines == [2, 5])
        // A word of rows that are left out is no class.
        #expect(data.table?.features[1].vocabulary == ["m"])
        let byAge = try read(text) {
            $0.missing = MissingValues(fill: .mean)
            $0.missingByColumn = ["age": MissingValues(fill: .drop)]
        }
        #expect(try column(byAge, 0) == [10, 30, 40])
        #expect(try column(byAge, 2) == [1, 2.5, 4])
        let gaps = TemporaryFile("age,sex,y\n,m,1\n")
        var options = CSVOptions(targets: ["y"], categories: ["sex"])
        options.missing = MissingValues(fill: .drop)
        expectError("FILE: the file has no rows", file: gaps) { _ = try Dataset.csv(gaps.path, options: options) }
    }

    @Test func indicators() throws {
        let data = try read(text) { $0.missing = MissingValues(fill: .mean, hasIndicator: true) }
        #expect(
            data.layout?.inputs[0].columnNames == ["age", "sex", "fare", "age_missing", "sex_missing", "fare_missing"])
        #expect(try column(data, 3) == [0, 1, 0, 0])
        #expect(try column(data, 4) == [0, 0, 1, 0])
        #expect(try column(data, 5) == [0, 0, 1, 0])
        let some = try read("age,sex,y\n1,m,0\n,f,1\n") { $0.missing = MissingValues(fill: .mean, hasIndicator: true) }
        #expect(some.layout?.inputs[0].columnNames == ["age", "sex", "age_missing"])
    }

    @Test func aSecondFileIsFilledWithWhatTheFirstTaught() throws {
        let first = try read(text) { $0.missing = MissingValues(fill: .mean, hasIndicator: true) }
        let file = TemporaryFile("age,sex,fare,y\n1,?,1,0\n,m,NA,1\n")
        var options = CSVOptions()
        options.like = first.table
        let second = try Dataset.csv(file.path, options: options)
        #expect(second.layout?.inputs[0].columnNames == first.layout?.inputs[0].columnNames)
        #expect(try second.input().floats == [1, 1, 1, 0, 1, 0, 80.0 / 3, 1, 7.0 / 3, 1, 0, 1])
        #expect(second.table == first.table)
        // No gaps: the same columns all the same.
        let whole = TemporaryFile("age,sex,fare,y\n1,m,1,0\n")
        #expect(try Dataset.csv(whole.path, options: options).input().floats == [1, 1, 1, 0, 0, 0])
    }

    @Test func whatIsMissingIsForTheUserToSay() throws {
        let sentinel = try read("age,sex,y\n10,m,0\n-999,f,1\n-999.0,-,0\n") {
            $0.missing = MissingValues(values: ["-999", "-"], fill: .mean)
        }
        #expect(try column(sentinel, 0) == [10, 10, 10])
        #expect(try column(sentinel, 1) == [1, 0, 0])
        let file = TemporaryFile("age,sex,y\n10,m,0\n?,f,1\n")
        var options = CSVOptions(targets: ["y"], categories: ["sex"])
        options.missing = MissingValues(values: ["", "NA"], fill: .mean)
        expectError("FILE:3: column 'age': '?' is not a number", file: file) {
            _ = try Dataset.csv(file.path, options: options)
        }
    }

    @Test func targetsMayBeMissingToo() throws {
        let data = try read("age,sex,y\n10,m,0\n11,f,?\n12,m,4\n") {
            $0.missingByColumn = ["y": MissingValues(fill: .drop)]
        }
        #expect(try data.target().floats == [0, 4])
        let labels = try read("age,sex,y\n10,m,a\n11,f,?\n12,m,a\n13,m,b\n") {
            $0.categories = ["sex", "y"]
            $0.missing = MissingValues(fill: .mode)
        }
        #expect(try labels.target().integers == [0, 0, 0, 1])
    }

    @Test func faults() {
        let file = TemporaryFile(text)
        func fault(_ message: String, _ change: (inout CSVOptions) -> Void) {
            var options = CSVOptions(targets: ["y"], categories: ["sex"])
            change(&options)
            expectError("FILE: \(message)", file: file) { _ = try Dataset.csv(file.path, options: options) }
        }
        fault("missing: column 'sex' holds words, which have no mean or median; fill with 'mode'") {
            $0.missingByColumn = ["sex": MissingValues(fill: .mean)]
        }
        fault("missing: column 'sex' holds words; fill it with one of them, not a number") {
            $0.missingByColumn = ["sex": MissingValues(fill: .number(1))]
        }
        fault("missing: column 'age' holds numbers; 'old' cannot fill it") {
            $0.missingByColumn = ["age": MissingValues(fill: .word("old"))]
        }
        fault("missing: nan cannot fill column 'age'") {
            $0.missingByColumn = ["age": MissingValues(fill: .number(.nan))]
        }
        fault("missing: there is no column 'aeg'; did you mean 'age'?") {
            $0.missingByColumn = ["aeg": MissingValues(fill: .mean)]
        }
        fault("missing: 'xyz' is no known class of column 'sex'") {
            $0.vocabularies = ["sex": ["m", "f"]]
            $0.missingByColumn = ["sex": MissingValues(fill: .word("xyz"))]
        }
        let empty = TemporaryFile("age,sex,y\n,m,0\nNA,f,1\n")
        var options = CSVOptions(targets: ["y"], categories: ["sex"])
        (options.header, options.missing) = (.present, MissingValues(fill: .mean))
        expectError(
            "FILE: column 'age': all cells are missing, so there is nothing to fill them with", file: empty
        ) { _ = try Dataset.csv(empty.path, options: options) }
    }
}
