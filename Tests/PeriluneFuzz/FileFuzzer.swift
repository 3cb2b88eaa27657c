import Glibc
import PeriluneLua

/// Reads random data files: soups of cells, and sound files with some bytes changed.
struct FileFuzzer: Fuzzer {
    func round(_ seed: UInt64, cases: Int, _ run: FuzzRun) throws {
        let state = try fuzzedState(run)
        var random = SplitMix(seed: seed)
        for _ in 0..<cases {
            let isTable = random.chance(0.6)
            let names = isTable ? ["fuzzed.csv"] : ["fuzzed.images", "fuzzed.labels"]
            for name in names { try write(isTable ? table(&random) : idx(&random, name), to: name) }
            let call =
                isTable
                ? csv(&random) : "lune.data.idx('fuzzed.images'\(random.chance(0.7) ? ", 'fuzzed.labels'" : ""))"
            let text =
                "local d = \(call) print(d) local n = #d if n > 2 then print(d:take(2), d:split(0.5)) end "
                + "pcall(P.model[1].evaluate, P.model[1], d, { verbose = 0 }) return n"
            run.tryOut(text, in: state)
        }
    }

    private func csv(_ random: inout SplitMix) -> String {
        var options: [String] = []
        let column = ["1", "2", "5", "'a'", "'b'", "{ 1, 2 }", "{ 'c' }", "{ 5 }"]
        for name in ["target", "features", "categories"] where random.chance(0.4) {
            options.append("\(name) = \(random.pick(name == "features" ? Array(column[5...]) : column))")
        }
        if random.chance(0.4) { options.append("header = \(random.pick(["true", "false", "'auto'"]))") }
        if random.chance(0.2) {
            options.append("delimiter = \(random.pick(["';'", "'\\t'", "'\"'", "'\\n'", "'1'", "'é'"]))")
        }
        return "lune.data.csv('fuzzed.csv', { \(options.joined(separator: ", ")) })"
    }

    private func table(_ random: inout SplitMix) -> [UInt8] {
        let cells = [
            "1", "2", "0", "-3.5", "1e10", "1e400", "-1e-400", "nan", "inf", "", " ", "a", "\"a\"", "\"a,b\"", "\"",
            "\"\"", "1.", ".5", "0x10",
            "1_000", "+1", "--1", "1e", "e5", "9223372036854775808", "99999999999999999999999999", "é", "\0",
            "\u{FEFF}", "1e99999999999",
        ]
        let wild = random.chance(0.3)
        let width = 1 + random.below(5)
        var text = random.chance(0.2) ? "\u{FEFF}" : ""
        if random.chance(0.5) { text += ["a", "b", "c", "d", "e"].prefix(width).joined(separator: ",") + "\n" }
        for _ in 0..<random.below(8) {
            let count = wild && random.chance(0.2) ? random.below(9) : width
            text += (0..<count).map { _ in wild ? random.pick(cells) : "\(random.below(4))" }.joined(separator: ",")
            text += random.pick(["\n", "\n", "\n", "\r\n", "\r", "\n\n"])
        }
        return mutated(Array(text.utf8), &random, wild ? 0.3 : 0.1)
    }

    private func idx(_ random: inout SplitMix, _ name: String) -> [UInt8] {
        let isImages = name.hasSuffix("images")
        var bytes: [UInt8] = [0, 0, 8, isImages ? 3 : 1]
        var extents: [UInt32] = isImages ? [3, 2, 2] : [3]
        if random.chance(0.3) { extents[random.below(extents.count)] = random.pick([0, 1, 1000, .max, 1 << 31]) ?? 0 }
        for extent in extents { bytes += (0..<4).map { UInt8(truncatingIfNeeded: extent >> (24 - 8 * $0)) } }
        bytes += (0..<(isImages ? 12 : 3)).map { _ in UInt8(random.below(isImages ? 256 : 3)) }
        return mutated(bytes, &random, 0.4)
    }

    private func mutated(_ bytes: [UInt8], _ random: inout SplitMix, _ probability: Double) -> [UInt8] {
        var bytes = bytes
        while random.chance(probability), !bytes.isEmpty {
            let place = random.below(bytes.count)
            switch random.below(4) {
            case 0: bytes[place] = UInt8(truncatingIfNeeded: random.next())
            case 1: bytes.removeSubrange(place...)
            case 2: bytes.insert(UInt8(truncatingIfNeeded: random.next()), at: place)
            // The head of a compressed file, with nothing sound behind it.
            default: bytes = [0x1f, 0x8b, 8, 0] + bytes
            }
        }
        return bytes
    }

    private func write(_ bytes: [UInt8], to name: String) throws {
        guard let file = fopen(name, "w") else { throw FuzzFinding("cannot write \(name)") }
        defer { fclose(file) }
        fwrite(bytes, 1, bytes.count, file)
    }
}
