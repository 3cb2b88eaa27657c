import Glibc
import Perilune
import PeriluneData

/// How long it takes to read tables of 10^6 rows: numbers, all cells quoted, and columns of words.
///
/// The files are made once and stay in the folder for temporary files, where `scripts/peers` reads the same ones.
enum CSVWorkload {
    private static let rows = 1_000_000

    static func measure(_ settings: BenchSettings) throws -> [Measurement] {
        let folder = folder
        mkdir(folder, 0o755)
        let tables: [(name: String, header: String, categories: [CSVColumn], row: (inout PhiloxStream) -> String)] = [
            ("numbers", "a,b,c,d,e,f,g,h", [], { numbers(8, quote: "", &$0) }),
            ("quoted", "a,b,c,d", [], { numbers(4, quote: "\"", &$0) }),
            ("words", "a,b,c,d", ["b", "c", "d"], words),
        ]
        return try tables.map { table in
            let path = "\(folder)/\(table.name).csv"
            let size = try write(path, table.header, table.row)
            var options = CSVOptions(categories: table.categories)
            options.header = .present
            var seconds: [Double] = []
            for _ in 0..<settings.repeats {
                let start = ContinuousClock.now
                let data = try Dataset.csv(path, options: options)
                seconds.append((ContinuousClock.now - start).inSeconds)
                precondition(data.count == rows, "a row is lost")
            }
            let timings = Timings(seconds)
            return Measurement(
                workload: "csv",
                figures: [
                    ("table", .text(table.name)), ("mb", .number(Double(size) / 1e6, digits: 1)),
                    ("seconds", .number(timings.median, digits: 3)), ("min_seconds", .number(timings.least, digits: 3)),
                ])
        }
    }

    private static var folder: String {
        let temporary = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        return "\(temporary)/perilune-bench-csv"
    }

    private static func numbers(_ count: Int, quote: String, _ stream: inout PhiloxStream) -> String {
        (0..<count).map { _ in
            let digits = String(stream.next(below: 1_000_000) + 1_000_000).dropFirst()
            return "\(quote)\(Int(stream.next(below: 9)) - 4).\(digits)\(quote)"
        }.joined(separator: ",")
    }

    private static func words(_ stream: inout PhiloxStream) -> String {
        "\(stream.next(below: 1000)),word\(stream.next(below: 200)),"
            + "\(["alpha", "beta", "gamma delta epsilon"][Int(stream.next(below: 3))]),w\(stream.next(below: 5))"
    }

    /// Writes a table, unless it is there; its size in bytes.
    private static func write(
        _ path: String, _ header: String, _ row: (inout PhiloxStream) -> String
    ) throws -> Int {
        var status = stat()
        if stat(path, &status) == 0, status.st_size > 0 { return Int(status.st_size) }
        guard let file = fopen("\(path).part", "w") else { throw BenchFault("cannot write \(path)") }
        fputs(header + "\n", file)
        var stream = PhiloxStream(seed: 1, use: "bench")
        for _ in 0..<rows { fputs(row(&stream) + "\n", file) }
        let size = ftell(file)
        guard fclose(file) == 0, rename("\(path).part", path) == 0 else { throw BenchFault("cannot write \(path)") }
        return size
    }
}

/// Why something cannot be measured.
struct BenchFault: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
