import Glibc

/// The words of one column in their final order, and the final number of each number that a thread gave.
struct ColumnVocabulary {
    let words: [String]
    /// By thread, then by the number that its table gave.
    private let ranks: [[Int32]]

    /// - Parameter table: which of the word tables is the column's.
    /// - Throws: `DataError` where a word is not UTF-8.
    init(_ rows: TableRows, column: ColumnPlan, table: Int) throws {
        let tables = rows.tables.map { $0[table] }
        switch column.words {
        case .fixed(let vocabulary, _):
            words = vocabulary
            // The tables number the words of a vocabulary in its order, before any other.
            ranks = tables.map { _ in vocabulary.indices.map { Int32($0) } }
        case .learnt(let unknown): (words, ranks) = try Self.ranked(rows, column, tables, table, unknown: unknown)
        case .none: (words, ranks) = ([], [])
        }
    }

    private static func ranked(
        _ rows: TableRows, _ column: ColumnPlan, _ tables: [WordTable], _ table: Int, unknown: String?
    ) throws -> (words: [String], ranks: [[Int32]]) {
        let isUsed = rows.hasStrayWords ? usedNumbers(rows, column, tables) : nil
        var numbers: [Word: Int32] = [:]
        for (worker, table) in tables.enumerated() {
            for entry in table.entries where entry.number != WordTable.missing {
                guard isUsed?[worker][Int(entry.number)] ?? true else { continue }
                guard entry.text != nil else { throw notUTF8(rows, column, tables) }
                numbers[Word(entry)] = 0
            }
        }
        // What fills gaps is a class like the others; what other words count as comes last.
        let own = numbers.keys.map(\.bytes)
        var extra: [[UInt8]] = []
        if case .word(let word)? = column.missing?.fill { extra.append(Array(word.utf8)) }
        var ordered = sorted(own + extra.filter { !own.contains($0) })
        if let unknown, !ordered.contains(Array(unknown.utf8)) { ordered.append(Array(unknown.utf8)) }
        for (rank, word) in ordered.enumerated() { numbers[Word(bytes: word)] = Int32(rank) }
        let ranks = tables.map { table in
            var ranks = [Int32](repeating: 0, count: Int(table.wordCount))
            for entry in table.entries where entry.number != WordTable.missing {
                ranks[Int(entry.number)] = numbers[Word(entry)] ?? 0
            }
            return ranks
        }
        return (ordered.map { String(decoding: $0, as: UTF8.self) }, ranks)
    }

    /// By bytes, so that the order depends neither on that of rows nor on the system's language; where all are numbers,
    /// by these.
    private static func sorted(_ words: [[UInt8]]) -> [[UInt8]] {
        let values = words.map { $0.withUnsafeBufferPointer { DecimalNumber.double($0) } }
        guard !values.contains(nil) else { return words.sorted { $0.lexicographicallyPrecedes($1) } }
        return zip(values, words).sorted { first, second in
            let (a, b) = (first.0 ?? 0, second.0 ?? 0)
            return a == b ? first.1.lexicographicallyPrecedes(second.1) : a < b
        }.map(\.1)
    }

    /// Which numbers of each thread's table stand in the rows that were kept.
    private static func usedNumbers(_ rows: TableRows, _ column: ColumnPlan, _ tables: [WordTable]) -> [[Bool]] {
        var used = tables.map { [Bool](repeating: false, count: Int($0.wordCount)) }
        func mark(_ number: (Int) -> UInt32) {
            for part in rows.parts {
                for row in part.rows {
                    let number = number(row)
                    if number != WordTable.missing { used[part.worker][Int(number)] = true }
                }
            }
        }
        let storage = rows.storage
        if let offset = rows.plan.features.firstIndex(where: { $0.index == column.index }) {
            mark { storage.features[$0 * storage.featureCount + offset].bitPattern }
        } else if let offset = rows.plan.categoryTargets.firstIndex(where: { $0.index == column.index }) {
            mark { UInt32(bitPattern: storage.labels[$0 * storage.labelCount + offset]) }
        }
        return used
    }

    /// The error for the first word that is not UTF-8.
    private static func notUTF8(_ rows: TableRows, _ column: ColumnPlan, _ tables: [WordTable]) -> DataError {
        let bad = tables.flatMap(\.entries).filter { $0.text == nil }.min { $0.origin < $1.origin }
        guard let bad else { return DataError(.malformed, "is not UTF-8 text", file: rows.file) }
        var cursor = CSVCursor(rows.text.start, line: 1, end: rows.text.end, rows.syntax)
        while cursor.position < bad.origin {
            if CSVCursor.isLineEnd(cursor.position[0]) { cursor.endLine() } else { cursor.position += 1 }
        }
        let text = String(decoding: UnsafeBufferPointer(start: bad.start, count: bad.count), as: UTF8.self)
        return DataError(
            .malformed, CellFault.notUTF8(text), file: rows.file, row: cursor.line, column: column.name)
    }

    /// A word by its bytes: strings are equal where they look alike, however they are written.
    private struct Word: Hashable {
        let bytes: [UInt8]

        init(bytes: [UInt8]) { self.bytes = bytes }

        init(_ entry: WordTable.Entry) { bytes = Array(UnsafeBufferPointer(start: entry.start, count: entry.count)) }
    }
}

extension ColumnVocabulary {
    /// Puts the final numbers in place of the threads' own; NaN where there is no value.
    func number(_ features: inout [Float], offset: Int, width: Int, _ parts: [(rows: Range<Int>, worker: Int)]) {
        number(&features, offset: offset, width: width, parts, read: \.bitPattern) { $0.map { Float($0) } ?? .nan }
    }

    /// The same for targets; -1 where there is no value.
    func number(_ labels: inout [Int32], offset: Int, width: Int, _ parts: [(rows: Range<Int>, worker: Int)]) {
        number(&labels, offset: offset, width: width, parts, read: { UInt32(bitPattern: $0) }) { $0 ?? -1 }
    }

    @inline(__always)
    private func number<Value>(
        _ values: inout [Value], offset: Int, width: Int, _ parts: [(rows: Range<Int>, worker: Int)],
        read: (Value) -> UInt32, value: (Int32?) -> Value
    ) {
        values.withUnsafeMutableBufferPointer { values in
            for part in parts {
                ranks[part.worker].withUnsafeBufferPointer { ranks in
                    for row in part.rows {
                        let place = row * width + offset
                        let number = read(values[place])
                        values[place] = value(number == WordTable.missing ? nil : ranks[Int(number)])
                    }
                }
            }
        }
    }
}
