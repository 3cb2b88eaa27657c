import PeriluneGraph
import Testing

@testable import PeriluneData

@Suite struct CSVTests {
    private let flowers = """
        length,width,species
        5.1,3.5,setosa
        7.0,3.2,versicolor

        6.3,3.3,"setosa"
        """

    private func read(_ text: String, _ options: CSVOptions = CSVOptions()) throws -> Dataset {
        let file = TemporaryFile(text)
        return try withExtendedLifetime(file) { try .csv(file.path, options: options) }
    }

    @Test func namedColumnsAndCategories() throws {
        let data = try read(flowers, CSVOptions(targets: ["species"], categories: ["species"]))
        #expect(try data.input() == floats([5.1, 3.5, 7, 3.2, 6.3, 3.3], shape: [3, 2]))
        #expect(try data.target() == Tensor([0, 1, 0] as [Int32], shape: [3]))
        #expect(data.layout?.targets[0].classNames == ["setosa", "versicolor"])
        #expect(data.layout?.inputs[0].columnNames == ["length", "width"])
    }

    @Test func classesAreNumberedByTheirBytes() throws {
        var options = CSVOptions(targets: [2], categories: [2])
        #expect(try read("1,b\n2,a\n3,c\n", options).target().integers == [1, 0, 2])
        options.vocabularies = [2: ["c", "b", "a"]]
        #expect(try read("1,b\n2,a\n3,c\n", options).target().integers == [1, 2, 0])
        options.features = [2]
        options.targets = [1]
        #expect(try read("1,b\n2,a\n3,c\n", options).input().floats == [1, 2, 0])
        options.vocabularies = [:]
        #expect(try read("1,b\n2,a\n3,c\n", options).input().floats == [1, 0, 2])
    }

    @Test func severalNumericTargetsAreOne() throws {
        let data = try read("a,b,c\n1,2,3\n4,5,6\n", CSVOptions(targets: ["c", "a"]))
        #expect(try data.input() == floats([2, 5], shape: [2, 1]))
        #expect(try data.target() == floats([3, 1, 6, 4], shape: [2, 2]))
        let single = try read("a,b,c\n1,2,3\n4,5,6\n", CSVOptions(targets: [3]))
        #expect(try single.target() == floats([3, 6], shape: [2]))
        #expect(single.layout?.targets[0].name == "c")
    }

    @Test func headersAreFoundOrTold() throws {
        #expect(try read("1,2\n3,4\n").count == 2)
        #expect(try read("a,b\n3,4\n").count == 1)
        #expect(try read("5.1,x\n3,x\n", CSVOptions(targets: [2], categories: [2])).count == 2)
        var options = CSVOptions()
        options.header = .present
        #expect(try read("1,2\n3,4\n", options).layout?.inputs[0].columnNames == ["1", "2"])
    }

    @Test func quotesLineEndsAndMarks() throws {
        let data = try read(
            "\u{FEFF}\"a \"\"1\"\"\",\"b\nc\"\r\n\" 1.5 \",2\r3,\"-4e2\"", CSVOptions(targets: ["a \"1\""]))
        #expect(try data.input().floats == [2, -400])
        #expect(try data.target().floats == [1.5, 3])
        #expect(data.layout?.inputs[0].columnNames == ["b\nc"])
        var options = CSVOptions()
        options.format.delimiter = .character(";")
        #expect(try read("1;2\n3;4\n", options).input() == floats([1, 2, 3, 4], shape: [2, 2]))
    }

    @Test func gzippedFiles() throws {
        let file = TemporaryFile(gzipped(Array("1,2\n3,4\n".utf8)), suffix: ".csv.gz")
        #expect(try Dataset.csv(file.path).input() == floats([1, 2, 3, 4], shape: [2, 2]))
    }

    @Test func labelFaultsNameTheLine() throws {
        let file = TemporaryFile("x,y\n1,0\n\n\"2\n\",1\n3,2\n".replacing("\"2\n\"", with: "2"))
        let data = try Dataset.csv(file.path, options: CSVOptions(targets: ["y"]))
        expectError("FILE:5: column 'y': label 2 is out of range; there are 2 classes, 0...1", file: file) {
            try data.shuffled(seed: 1).validateLabels(classes: 2)
        }
    }

    struct Fault: Sendable, CustomTestStringConvertible {
        let text: String
        let error: String
        var options = CSVOptions()

        var testDescription: String { error }
    }

    static func options(_ change: (inout CSVOptions) -> Void) -> CSVOptions {
        var options = CSVOptions()
        change(&options)
        return options
    }

    static let faults: [Fault] = [
        Fault(text: "", error: "FILE: the file is empty"),
        Fault(text: "\n\n", error: "FILE: the file has no rows"),
        Fault(text: "a,b\n", error: "FILE: the file has no rows"),
        Fault(text: "a,b\n1,2\n1,x1\n", error: "FILE:3: column 'b': 'x1' is not a number"),
        Fault(
            text: "a,b\n1,x1\n",
            error: "FILE:2: column 'b': 'x1' is not a number; name the column under categories to read words as classes"
        ),
        Fault(
            text: "1,2\n1,\n",
            error: "FILE:2: column '2': the cell is empty; missing = { fill = … } says what stands for it"),
        Fault(
            text: "1,2\n1,",
            error: "FILE:2: column '2': the cell is empty; missing = { fill = … } says what stands for it"),
        Fault(
            text: "1,2\n1, \t\n",
            error: "FILE:2: column '2': the cell is empty; missing = { fill = … } says what stands for it"),
        Fault(
            text: "1,2\n1,NaN\n",
            error: "FILE:2: column '2': 'NaN' is not finite; missing = { fill = … } says what stands for it"),
        Fault(
            text: "1,2\n1,1e39\n",
            error: "FILE:2: column '2': '1e39' is not finite; missing = { fill = … } says what stands for it"),
        Fault(text: "a,b\n1,2\n1,2,3\n", error: "FILE:3: the row has 3 cells where the header has 2"),
        Fault(text: "1,2\n\n1\n", error: "FILE:3: the row has 1 cell where the first row has 2"),
        Fault(text: "1,2\n1,\"2\n\n", error: "FILE:2: a quoted cell is not closed"),
        Fault(text: "1,2\n\"1\n\",\"2\"3\n", error: "FILE:3: text follows the closing quote of a cell"),
        Fault(text: "1,2\n\0,2\n", error: "FILE: is not UTF-8 text: it has zero bytes"),
        Fault(
            text: "length,width\n1,2\n", error: "FILE: target: there is no column 'widht'; did you mean 'width'?",
            options: CSVOptions(targets: ["widht"])),
        Fault(
            text: "length;width\n1;2\n", error: "FILE: target: there is no column 'width'; is the delimiter right?",
            options: CSVOptions(targets: ["width"])),
        Fault(
            text: "1,2\n1,2\n",
            error: "FILE: target: the file has no header; give 'y' by its number, or say header = true",
            options: CSVOptions(targets: ["y"])),
        Fault(
            text: "1,2\n1,2\n", error: "FILE: target: there is no column 3; the file has 2",
            options: CSVOptions(targets: [3])),
        Fault(
            text: "a,a\n1,2\n", error: "FILE: target: 2 columns are named 'a'; give a number",
            options: CSVOptions(targets: ["a"])),
        Fault(
            text: "a,b\n1,2\n", error: "FILE: target: column 'a' is given twice",
            options: CSVOptions(targets: ["a", 1])),
        Fault(
            text: "a,b\n1,2\n", error: "FILE: column 'a' is both a feature and a target",
            options: options { ($0.targets, $0.features) = (["a"], ["a", "b"]) }),
        Fault(
            text: "a\n1\n", error: "FILE: no column is left as a feature", options: CSVOptions(targets: ["a"])),
        Fault(
            text: "a,b\n1,2\n", error: "FILE: categories: column 'a' is neither a feature nor a target",
            options: options { ($0.features, $0.categories) = (["b"], ["a"]) }),
        Fault(
            text: "a,b\n1,setoza\n",
            error: "FILE:2: column 'b': 'setoza' is no known class; did you mean 'setosa'?",
            options: options { ($0.targets, $0.vocabularies) = (["b"], ["b": ["setosa"]]) }),
        Fault(
            text: "a,b\n1,\n",
            error: "FILE:2: column 'b': the cell is empty; missing = { fill = … } says what stands for it",
            options: CSVOptions(targets: ["b"], categories: ["b"])),
        Fault(
            text: "a\n1\n", error: "delimiter: 'e' cannot separate cells",
            options: options { $0.format.delimiter = .character("e") }),
        Fault(
            text: "a\n1\n", error: "delimiter: 'ß' cannot separate cells",
            options: options { $0.format.delimiter = .character("ß") }),
    ]

    @Test(arguments: faults) func fault(_ fault: Fault) {
        let file = TemporaryFile(fault.text)
        expectError(fault.error, file: file) { _ = try Dataset.csv(file.path, options: fault.options) }
    }

    @Test func unreadableFiles() {
        expectError("/nowhere/a.csv: cannot be read: No such file or directory") {
            _ = try Dataset.csv("/nowhere/a.csv")
        }
        expectError("/tmp: cannot be read: Is a directory") { _ = try Dataset.csv("/tmp") }
    }

    /// Nothing that a file may hold traps: every text up to five characters of the reader's alphabet.
    @Test func noTextTraps() throws {
        let alphabet = Array("\",\n\r1e.".utf8)
        var texts: [[UInt8]] = [[]]
        for _ in 0..<5 {
            texts = texts.flatMap { text in alphabet.map { text + [$0] } }
            for text in texts {
                let bytes = TextBytes(text)
                _ = try? TableReader(text: bytes, options: CSVOptions(), file: "f", chunkSize: 2).read()
                withExtendedLifetime(bytes) {}
            }
        }
    }
}
