import Glibc

/// Cuts the rows of a text into chunks that can be read apart from each other.
///
/// Where a chunk begins is a guess: at the first line end outside of quotes, if all quotes in the text are there to
/// quote. Where the guess was wrong, the reader of the chunk before ends somewhere else, which tells.
struct CSVChunks {
    struct Chunk {
        let start: UnsafePointer<UInt8>
        let end: UnsafePointer<UInt8>
        /// The line on which it begins, from 1.
        let line: Int
        /// The first place for its rows, and how many there are: more rows cannot end in it.
        let place: Int
        let capacity: Int
    }

    private(set) var chunks: [Chunk] = []
    /// Places for all rows.
    private(set) var capacity = 0

    /// - Parameters:
    ///   - line: the line of `start`.
    ///   - width: cells a row.
    ///   - size: bytes a chunk, about.
    init(
        from start: UnsafePointer<UInt8>, to end: UnsafePointer<UInt8>, line: Int, width: Int, size: Int, threads: Int
    ) {
        guard start < end else { return }
        let count = max(1, (end - start) / max(1, size))
        let piece = (end - start) / count
        nonisolated(unsafe) let (start, end) = (start, end)
        let bounds = (0...count).map { $0 == count ? end - start : $0 * piece }
        nonisolated(unsafe) let marks = UnsafeMutablePointer<Marks>.allocate(capacity: count)
        defer { marks.deallocate() }
        ParallelWork.run(count, threads: threads) { _, index in
            (marks + index).initialize(to: Marks(from: start + bounds[index], to: start + bounds[index + 1]))
        }

        var starts = [start]
        var lines = [line]
        var (lineEnds, quotes) = (0, 0)
        for index in 1..<max(1, count) {
            lineEnds += marks[index - 1].lineEnds
            quotes += marks[index - 1].quotes
            let nominal = start + bounds[index]
            var marksBefore = Marks()
            let actual = Self.nextRow(after: nominal, isQuoted: quotes % 2 == 1, end, &marksBefore)
            guard actual > starts[starts.count - 1], actual < end else { continue }
            starts.append(actual)
            lines.append(line + lineEnds + marksBefore.lineEnds)
        }
        let total = marks[count - 1].lineEnds + lineEnds
        starts.append(end)
        lines.append(line + total + 1)
        for index in 0..<starts.count - 1 {
            let bytes = starts[index + 1] - starts[index]
            // A row has at least one byte a cell, but for one that began in the chunk before, and the last.
            let rows = min(lines[index + 1] - lines[index], bytes / max(1, width) + 2)
            chunks.append(
                Chunk(
                    start: starts[index], end: starts[index + 1], line: lines[index], place: capacity, capacity: rows))
            capacity += rows
        }
    }

    /// The beginning of the line after the first line end from `nominal` on that is outside of quotes.
    private static func nextRow(
        after nominal: UnsafePointer<UInt8>, isQuoted: Bool, _ end: UnsafePointer<UInt8>, _ marks: inout Marks
    ) -> UnsafePointer<UInt8> {
        var (position, isQuoted) = (nominal, isQuoted)
        while position < end {
            let byte = position[0]
            position += 1
            if byte == CSVCursor.quote { isQuoted.toggle() }
            let isLineEnd =
                byte == CSVCursor.newline || (byte == CSVCursor.carriageReturn && position[0] != CSVCursor.newline)
            guard isLineEnd else { continue }
            marks.lineEnds += 1
            if !isQuoted { return position }
        }
        return end
    }

    /// What was counted in a piece of text.
    private struct Marks {
        var lineEnds = 0
        var quotes = 0

        init() {}

        /// - Parameter end: one more byte may be read.
        init(from start: UnsafePointer<UInt8>, to end: UnsafePointer<UInt8>) {
            var word = start
            while end - word >= 8 {
                let bytes = UnsafeRawPointer(word).loadUnaligned(as: UInt64.self)
                lineEnds += Self.count(CSVCursor.newline, in: bytes)
                quotes += Self.count(CSVCursor.quote, in: bytes)
                word += 8
            }
            while word < end {
                lineEnds += word[0] == CSVCursor.newline ? 1 : 0
                quotes += word[0] == CSVCursor.quote ? 1 : 0
                word += 1
            }
            var position = start
            while position < end, let found = memchr(position, Int32(CSVCursor.carriageReturn), end - position) {
                position = UnsafePointer(found.assumingMemoryBound(to: UInt8.self)) + 1
                if position[0] != CSVCursor.newline { lineEnds += 1 }
            }
        }

        /// How many of eight bytes are `byte`.
        @inline(__always) private static func count(_ byte: UInt8, in bytes: UInt64) -> Int {
            let low: UInt64 = 0x7F7F_7F7F_7F7F_7F7F
            let others = bytes ^ (0x0101_0101_0101_0101 &* UInt64(byte))
            // The highest bit of each byte of `others` that is not zero.
            let nonzero = ((others & low) &+ low) | others
            return (~(nonzero | low)).nonzeroBitCount
        }
    }
}
