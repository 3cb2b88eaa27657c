import PeriluneGraph
import Testing

@testable import PeriluneData

/// What is read does not depend on where a text is cut into chunks, whatever stands in it.
@Suite struct CSVChunkTests {
    private static func read(_ text: [UInt8], _ options: CSVOptions, chunkSize: Int) -> Result<Dataset, DataError> {
        let bytes = TextBytes(text)
        defer { withExtendedLifetime(bytes) {} }
        do throws(any Error) {
            return .success(
                try TableReader(text: bytes, options: options, file: "f.csv", chunkSize: chunkSize).read())
        } catch {
            return .failure(error as? DataError ?? DataError(.malformed, "\(error)"))
        }
    }

    private static func describe(_ result: Result<Dataset, DataError>) throws -> String {
        switch result {
        case .failure(let error): return error.description
        case .success(let data):
            let lines = try data.inMemory("test").store.lines
            return "\(try data.input().floats) \(try data.target().integers) \(lines) \(data.table as Any)"
        }
    }

    /// Rows of numbers and words with quotes, commas and line ends in them, blank lines, and now and then a fault.
    private static func text(_ stream: inout PhiloxStream) -> [UInt8] {
        let ends = ["\n", "\r\n", "\r"][Int(stream.next(below: 3))]
        let words = [
            "a", "b", "\"c,d\"", "\"e\(ends)f\"", "\"g\"\"h\"", "\"\(ends)\(ends),\"", "i\"j", "\"\"\"\"", "k",
        ]
        var text = "x,y\(ends)"
        for _ in 0..<stream.next(below: 40) {
            if stream.next(below: 6) == 0 { text += ends }
            if stream.next(below: 40) == 0 { text += "1" }
            let number = stream.next(below: 3) == 0 ? "\"\(stream.next(below: 100))\"" : "\(stream.next(below: 100)).5"
            text += "\(number),\(words[Int(stream.next(below: UInt32(words.count)))])"
            if stream.next(below: 60) == 0 { text += ",2" }
            text += ends
        }
        if stream.next(below: 2) == 0 { text += "7,\"last\"" }
        return Array(text.utf8)
    }

    @Test func cutsChangeNothing() throws {
        var stream = PhiloxStream(seed: 11, use: "test")
        let options = CSVOptions(targets: ["y"], categories: ["y"])
        var (read, failed, rereads) = (0, 0, 0)
        for _ in 0..<60 {
            let text = Self.text(&stream)
            let whole = try Self.describe(Self.read(text, options, chunkSize: 1 << 20))
            if whole.hasPrefix("f.csv") { failed += 1 } else { read += 1 }
            for size in [1, 3, 8, 17, 50] {
                #expect(try Self.describe(Self.read(text, options, chunkSize: size)) == whole)
            }
            rereads += String(decoding: text, as: UTF8.self).contains("i\"j") ? 1 : 0
        }
        // The texts are of all kinds: sound ones, faulty ones, and ones in which a guess is wrong.
        #expect(read > 10)
        #expect(failed > 10)
        #expect(rereads > 10)
    }

    @Test func linesAreCountedAcrossChunks() throws {
        let text = "x,y\n" + (1...500).map { "\($0),\"a\nb\"\n\n" }.joined() + "oops,a\n"
        let options = CSVOptions(targets: ["y"], categories: ["y"])
        for size in [7, 64, 1 << 20] {
            let result = Self.read(Array(text.utf8), options, chunkSize: size)
            #expect(try Self.describe(result) == "f.csv:1502: column 'x': 'oops' is not a number")
        }
    }

    @Test func severalThreadsAgreeWithOne() throws {
        var text = "n,w,z\n"
        for row in 0..<60_000 { text += "\(row).25,word\(row * 7919 % 977),\"\(row % 5)\"\n" }
        let options = CSVOptions(targets: ["z"], categories: ["w", "z"])
        let small = try Self.read(Array(text.utf8), options, chunkSize: 4096).get()
        let whole = try Self.read(Array(text.utf8), options, chunkSize: 1 << 30).get()
        #expect(try small.input() == whole.input())
        #expect(try small.target() == whole.target())
        #expect(small.table == whole.table)
        #expect(small.table?.features[1].vocabulary?.count == 977)
        #expect(try small.input().floats[2 * 59_999] == 59_999.25)
    }

    /// A file cannot make the reader ask for more memory than in proportion to its size.
    @Test func wideAndBlankFilesTakeLittle() throws {
        let text = Array((String(repeating: "0,", count: 2_000) + "0\n").utf8) + Array(repeating: 10, count: 4_000)
        let data = try Self.read(text, CSVOptions(), chunkSize: 1000).get()
        #expect(data.count == 1)
        let bytes = TextBytes(text)
        let chunks = CSVChunks(
            from: bytes.start, to: bytes.end, line: 1, width: 2_001, size: 1000, threads: 1)
        #expect(chunks.capacity < 2 * text.count / 1000 + 10)
        withExtendedLifetime(bytes) {}
    }
}
