import PeriluneGraph
import Testing

@testable import PeriluneData

/// The header, the encoding, and other ways to write a table.
@Suite struct CSVFormatTests {
    private func read(_ text: String, _ change: (inout CSVOptions) -> Void = { _ in }) throws -> Dataset {
        try read(Array(text.utf8), change)
    }

    private func read(_ bytes: [UInt8], _ change: (inout CSVOptions) -> Void = { _ in }) throws -> Dataset {
        let file = TemporaryFile(bytes)
        var options = CSVOptions()
        change(&options)
        return try withExtendedLifetime(file) { try .csv(file.path, options: options) }
    }

    private func fault(_ text: String, _ change: (inout CSVOptions) -> Void = { _ in }) -> String {
        do { return "\(try read(text, change).count ?? 0) rows" } catch {
            let text = "\(error)"
            // Without the path.
            return text.hasPrefix("/") ? String(text.drop { $0 != ":" }.dropFirst()) : text
        }
    }

    private let ambiguity = "; say header = true or header = false"

    @Test func headersThatCannotBeTold() {
        let words = { (options: inout CSVOptions) in options.categories = [1, 2] }
        #expect(
            fault("red,small\nblue,large\n", words)
                == " whether the first row names the columns cannot be told: both the first row and the one below are "
                + "words\(ambiguity)")
        #expect(
            fault("0,1,2\n5,6,0\n")
                == " whether the first row names the columns cannot be told: the first row counts 0, 1, 2, as a header "
                + "may\(ambiguity)")
        #expect(fault("2015,2016,2017,2018\n5,6,0,1\n").contains("the first row counts 2015, 2016, 2017, …"))
        #expect(
            fault("NA,red\n3,blue\n") { $0.categories = [2] }
                == " whether the first row names the columns cannot be told: the first row has no number, but 'NA', "
                + "which may be a missing one\(ambiguity)")
    }

    @Test func headersThatAreTold() throws {
        #expect(fault("red,small\nblue,large\n") { ($0.categories, $0.header) = ([1, 2], .absent) } == "2 rows")
        #expect(fault("red,small\nblue,large\n") { ($0.categories, $0.header) = ([1, 2], .present) } == "1 rows")
        #expect(fault("0,1,2\n5,6,0\n") { $0.header = .present } == "1 rows")
        #expect(fault("0,1,2\n5,6,0\n") { $0.header = .absent } == "2 rows")
        // An option that names a column of the first row tells.
        #expect(fault("2015,2016,2017\n1,2,3\n") { $0.targets = ["2015"] } == "1 rows")
        #expect(fault("a,b\nx,y\n") { ($0.targets, $0.categories) = (["a"], ["a", "b"]) } == "1 rows")
        #expect(
            fault("1,2\n3,4\n") { $0.targets = ["y"] }
                == " target: the file has no header; give 'y' by its number, or say header = true")
        // Numbers below words, and rows that count on.
        #expect(fault("a,b\n1,x\n") { $0.categories = [2] } == "1 rows")
        #expect(fault("0,1,2\n3,4,5\n") == "2 rows")
        #expect(fault("1,2\n1,2\n") == "2 rows")
    }

    @Test func latin1() throws {
        let text: [UInt8] = Array("name,y\nJos".utf8) + [0xE9] + Array(",1\nJos".utf8) + [0xE8] + Array(",2\n".utf8)
        let file = TemporaryFile(text)
        let options = CSVOptions(targets: ["y"], categories: ["name"])
        expectError(
            "FILE:2: column 'name': 'Jos\u{FFFD}' is not UTF-8 text; if it is Latin-1, say encoding = 'latin1'",
            file: file
        ) { _ = try Dataset.csv(file.path, options: options) }
        let data = try read(text) {
            $0 = options
            $0.format.encoding = .latin1
        }
        #expect(data.table?.features[0].vocabulary == ["Josè", "José"])
        let header = TemporaryFile([0xE9] + Array(",y\n1,2\n".utf8))
        expectError(
            "FILE:1: column '1': '\u{FFFD}' is not UTF-8 text; if it is Latin-1, say encoding = 'latin1'", file: header
        ) { _ = try Dataset.csv(header.path) }
        let number = TemporaryFile(Array("x,y\n1,2\n3,".utf8) + [0xE9] + Array("4\n".utf8))
        expectError(
            "FILE:3: column 'y': '\u{FFFD}4' is not UTF-8 text; if it is Latin-1, say encoding = 'latin1'", file: number
        ) { _ = try Dataset.csv(number.path) }
        let wide = TemporaryFile([0xFF, 0xFE, 0x31, 0x00])
        expectError("FILE: is UTF-16 text; save it as UTF-8", file: wide) { _ = try Dataset.csv(wide.path) }
    }

    @Test func whitespace() throws {
        let data = try read("  a\tb  c\n 1   2\t 3\n4 5 6  \n   \n\"7\" 8 9") {
            $0.format.delimiter = .whitespace
            $0.targets = ["c"]
        }
        #expect(try data.input().floats == [1, 2, 4, 5, 7, 8])
        #expect(try data.target().floats == [3, 6, 9])
        #expect(fault("1 2\n3\n") { $0.format.delimiter = .whitespace }.hasPrefix("2: the row has 1 cell"))
    }

    @Test func commentsAndSkippedRows() throws {
        let text = "made by \"me\nnever,mind\n# a comment, with \"\nx,y\n1,2\n#3,4\n5,6\n"
        let data = try read(text) {
            $0.format.skippedLines = 2
            $0.format.comment = "#"
        }
        #expect(try data.input().floats == [1, 2, 5, 6])
        #expect(try data.inMemory("test").store.lines == [5, 7])
        #expect(fault("1,2\n") { $0.format.skippedLines = 9 } == " the file has no rows")
        #expect(fault("1,2\n") { $0.format.skippedLines = .max } == " the file has no rows")
        #expect(fault("1,2\n") { $0.format.skippedLines = -1 } == "skip_rows must be 0 or more, got -1")
        #expect(fault("1,2\n") { $0.format.comment = "\r\n" }.contains("cannot begin a comment"))
        #expect(fault("1,2\n") { $0.format.delimiter = .character("\r\n") }.contains("cannot separate cells"))
        #expect(fault("1,2\n") { $0.format.comment = "," } == "comment: ',' cannot begin a comment")
    }

    @Test func decimalsAndThousands() throws {
        let european = try read("a;b\n45,06;1.234.567,5\n-1e2;\"12\"\n") {
            $0.format.delimiter = .character(";")
            $0.format.decimal = ","
            $0.format.thousands = "."
        }
        #expect(try european.input().floats == [45.06, 1_234_567.5, -100, 12])
        let american = try read("a,b\n\"1,234.5\",\"-12,345,678\"\n7,0.25\n") { $0.format.thousands = "," }
        #expect(try american.input().floats == [1234.5, -12_345_678, 7, 0.25])
        for text in ["1,23", "12,34,567", ",123", "1,2345", "1,,234", "1234,567", "1,234,"] {
            #expect(
                fault("a;b\n1;\(text)\n") {
                    $0.format.delimiter = .character(";")
                    $0.format.thousands = ","
                }.contains("'\(text)' is not a number"))
        }
        #expect(
            fault("a;b\n1;2.5\n") {
                $0.format.delimiter = .character(";")
                $0.format.decimal = ","
            }.contains("'2.5' is not a number"))
        #expect(fault("1\n") { $0.format.decimal = ";" } == "decimal must be '.' or ',', got ';'")
        #expect(fault("1\n") { $0.format.thousands = "." }.hasPrefix("thousands: '.' cannot group the digits"))
    }

    @Test func excludedColumns() throws {
        let data = try read("id,x,y\nq1,1,2\nq2,3,4\n") {
            $0.excluded = ["id"]
            $0.targets = ["y"]
        }
        #expect(try data.input().floats == [1, 3])
        #expect(
            fault("a,b\n1,2\n") { ($0.excluded, $0.targets) = (["a"], ["a"]) }
                == " column 'a' is both a target and excluded")
        #expect(
            fault("a,b\n1,2\n") { ($0.excluded, $0.features) = (["a"], ["a"]) }
                == " column 'a' is both a feature and excluded")
        #expect(
            fault("alpha,b\n1,2\n") { $0.excluded = ["alhpa"] }
                == " exclude: there is no column 'alhpa'; did you mean 'alpha'?")
    }

    @Test func hintsForCells() {
        let missing = "; missing = { fill = … } says what stands for it"
        for word in ["NA", "?", "null"] {
            #expect(fault("a,b\n1,\(word)\n") == "2: column 'b': '\(word)' is not a number\(missing)")
        }
        #expect(
            fault("a;b\n1;45,06\n") { $0.format.delimiter = .character(";") }
                == "2: column 'b': '45,06' is not a number; is the decimal ','?")
        #expect(
            fault("a;b\n1;2\n1;1,234.5\n") { $0.format.delimiter = .character(";") }
                == "3: column 'b': '1,234.5' is not a number; are the thousands ','?")
        #expect(fault("a,b\n1,x\n").hasSuffix("; name the column under categories to read words as classes"))
        #expect(fault("a,b\n1,2\n1,x\n") == "3: column 'b': 'x' is not a number")
    }

    /// Seconds since 1970 have 32 bits before the point; float32 has 24.
    @Test func coarseNumbersStayApartUntilTheyAreNormalized() throws {
        let text = "t,x\n" + (0..<100).map { "\(1_700_000_000 + $0),\($0)\n" }.joined()
        let data = try read(text)
        let normalized = try data.normalized()
        let values = try normalized.dataset.input().floats
        for row in 0..<100 { #expect(abs(values[2 * row] - values[2 * row + 1]) < 1e-5) }
        #expect(abs(normalized.statistics.inputs[0].mean[0] - 1_700_000_049.5) < 1e-6)
        let part = try data.split(0.5).rest.normalized(by: normalized.statistics).input().floats
        #expect(Array(values[100...]) == part)
        // A shift brings them within reach as well; small offsets between large numbers are the same kind.
        let close = try read("a,b\n" + (0..<50).map { "1000000.\(Self.twoDigits($0)),1\n" }.joined())
        #expect(Set(try close.normalized().dataset.input().floats).count > 40)
    }

    private static func twoDigits(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
