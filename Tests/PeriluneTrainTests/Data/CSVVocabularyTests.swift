import PeriluneGraph
import Testing

@testable import PeriluneData

/// Words keep their numbers from file to file.
@Suite struct CSVVocabularyTests {
    private func read(_ text: String, _ options: CSVOptions) throws -> Dataset {
        let file = TemporaryFile(text)
        return try withExtendedLifetime(file) { try .csv(file.path, options: options) }
    }

    private func like(_ data: Dataset, _ change: (inout CSVOptions) -> Void = { _ in }) -> CSVOptions {
        var options = CSVOptions()
        options.like = data.table
        change(&options)
        return options
    }

    private let train = "color,size,label\nblue,1,yes\ngreen,2,no\nred,3,yes\n"

    private func trained() throws -> Dataset {
        try read(train, CSVOptions(targets: ["label"], categories: ["color", "label"]))
    }

    @Test func aSecondFileIsReadAsTheFirst() throws {
        let first = try trained()
        #expect(first.table?.features.map(\.vocabulary) == [["blue", "green", "red"], nil])
        #expect(first.layout?.inputs[0].vocabularies == [0: ["blue", "green", "red"]])
        #expect(first.layout?.targets[0].classNames == ["no", "yes"])
        // Other rows, other order of columns, and only some of the words.
        let second = try read("label,size,color\nyes,7,red\nyes,8,green\n", like(first))
        #expect(try second.input().floats == [2, 7, 1, 8])
        #expect(try second.target().integers == [1, 1])
        #expect(second.layout?.targets[0].classNames == ["no", "yes"])
        #expect(second.table?.features.map(\.vocabulary) == first.table?.features.map(\.vocabulary))
    }

    @Test func aFileToPredictOnNeedsNoTarget() throws {
        let data = try read("size,color\n7,red\n", like(trained()))
        #expect(data.layout?.targets.isEmpty == true)
        #expect(try data.input().floats == [2, 7])
    }

    @Test func withoutAHeaderColumnsAreKnownByNumber() throws {
        var options = CSVOptions(targets: [2], categories: [1])
        options.header = .absent
        let first = try read("b,1\na,2\n", options)
        #expect(try read("b,3\n", like(first)).input().floats == [1])
    }

    @Test func unknownWordsAreErrorsOrAClass() throws {
        let file = TemporaryFile("color,size,label\nblue,1,yes\ngreeen,2,no\n")
        let first = try trained()
        expectError("FILE:3: column 'color': 'greeen' is no known class; did you mean 'green'?", file: file) {
            _ = try Dataset.csv(file.path, options: like(first))
        }
        let other = TemporaryFile("color,size,label\nviolet,1,yes\n")
        let hint = "; unknown names the class that such words belong to"
        expectError("FILE:2: column 'color': 'violet' is no known class\(hint)", file: other) {
            _ = try Dataset.csv(other.path, options: like(first))
        }
        let asRed = try Dataset.csv(other.path, options: like(first) { $0.unknown = ["color": "red"] })
        #expect(try asRed.input().floats == [2, 1])
        expectError("FILE: unknown: 'rde' is no known class of column 'color'; did you mean 'red'?", file: other) {
            _ = try Dataset.csv(other.path, options: like(first) { $0.unknown = ["color": "rde"] })
        }
    }

    @Test func aClassForUnknownWordsIsKept() throws {
        var options = CSVOptions(targets: ["label"], categories: ["color", "label"])
        options.unknownFeature = "other"
        let first = try read(train, options)
        #expect(first.table?.features[0].vocabulary == ["blue", "green", "red", "other"])
        #expect(first.layout?.targets[0].classNames == ["no", "yes"])
        let second = try read("color,size,label\nviolet,1,yes\nred,1,no\n", like(first))
        #expect(try second.input().floats == [3, 1, 2, 1])
    }

    @Test func givenVocabularies() throws {
        var options = CSVOptions(targets: ["label"], categories: ["label"])
        options.vocabularies = ["color": ["red", "green", "blue"]]
        #expect(try read(train, options).input().floats == [2, 1, 1, 2, 0, 3])
        options.unknown = ["color": "else"]
        let data = try read(train + "pink,4,no\n", options)
        #expect(data.table?.features[0].vocabulary == ["red", "green", "blue", "else"])
        #expect(try data.input().floats.suffix(2) == [3, 4])
        let file = TemporaryFile(train)
        for (words, message) in [
            ([String](), "has no words"), (["a", "a"], "has the word 'a' twice"), (["a", ""], "has an empty word"),
        ] {
            options.vocabularies = ["color": words]
            expectError("FILE: vocabulary: column 'color' \(message)", file: file) {
                _ = try Dataset.csv(file.path, options: options)
            }
        }
        options.vocabularies = ["colour": ["a"]]
        expectError("FILE: vocabulary: there is no column 'colour'; did you mean 'color'?", file: file) {
            _ = try Dataset.csv(file.path, options: options)
        }
    }

    @Test func numbersAsCategoriesAreOrderedAsNumbers() throws {
        var options = CSVOptions(targets: [2], categories: [2])
        options.header = .absent
        #expect(try read("1,10\n2,9\n3,3\n", options).layout?.targets[0].classNames == ["3", "9", "10"])
        #expect(try read("1,10\n2,9\n3,x\n", options).layout?.targets[0].classNames == ["10", "9", "x"])
        #expect(try read("1,-1\n2,1e1\n3,2.5\n", options).layout?.targets[0].classNames == ["-1", "2.5", "1e1"])
    }

    /// Strings that look alike are equal in Swift, however they are written; classes are not.
    @Test func wordsAreTheirBytes() throws {
        var options = CSVOptions(targets: [2], categories: [2])
        options.header = .absent
        let data = try read("1,\u{E9}\n2,e\u{301}\n3,\u{E9}\n", options)
        #expect(try data.target().integers == [1, 0, 1])
        let again = try read("1,e\u{301}\n2,\u{E9}\n", like(data))
        #expect(try again.target().integers == [0, 1])
    }

    /// Words of all lengths: those of up to 8, 16 and more bytes are compared in different ways.
    @Test func wordsOfAnyLength() throws {
        let words = (1...40).flatMap { length in
            ["", "x"].map { String(repeating: "abcdefghij", count: 4).prefix(length) + $0 }
        }.map { "w\($0)" }
        var options = CSVOptions(targets: [2], categories: [2])
        options.header = .absent
        let text = (words + words.reversed()).map { "1,\($0)\n" }.joined()
        let data = try read(text, options)
        let names = data.layout?.targets[0].classNames ?? []
        #expect(names == Set(words).sorted())
        #expect(try data.target().integers.map { names[Int($0)] } == words + words.reversed())
    }

    @Test func likeNeedsTheColumnsOfTheFirst() throws {
        let first = try trained()
        let file = TemporaryFile("colour,size,label\nblue,1,yes\n")
        expectError("FILE: like: there is no column 'color'; did you mean 'colour'?", file: file) {
            _ = try Dataset.csv(file.path, options: like(first))
        }
    }
}
