import Synchronization

/// Parses chunks on several threads, and those whose beginning was a wrong guess once more.
struct ChunkedParse: @unchecked Sendable {
    let chunks: [CSVChunks.Chunk]
    /// One a thread.
    let parsers: [RowParser]

    /// What became of each chunk, in their order, up to the first with a fault.
    func run(from start: CSVCursor) -> [ParsedRows] {
        let guesses = guessed()
        var parsed: [ParsedRows] = []
        var (position, line) = (start.position, start.line)
        for (chunk, guess) in zip(chunks, guesses) {
            var rows: ParsedRows
            if position == chunk.start, let guess {
                rows = guess
            } else {
                rows =
                    position < chunk.end
                    ? parsers[0].parse(chunk, from: position, line: line) : ParsedRows(end: position, line: line)
                rows.wasReadTwice = true
            }
            parsed.append(rows)
            guard rows.fault == nil else { break }
            (position, line) = (rows.end, rows.line)
        }
        return parsed
    }

    /// What became of each chunk if it begins where it was guessed to; nil where it was not read, as one before it has
    /// a fault.
    private func guessed() -> [ParsedRows?] {
        nonisolated(unsafe) let results = UnsafeMutablePointer<ParsedRows?>.allocate(capacity: chunks.count)
        results.initialize(repeating: nil, count: chunks.count)
        defer {
            results.deinitialize(count: chunks.count)
            results.deallocate()
        }
        let firstFault = FirstFault()
        ParallelWork.run(chunks.count, threads: parsers.count) { worker, index in
            guard !firstFault.isBefore(index) else { return }
            let chunk = chunks[index]
            var rows = parsers[worker].parse(chunk, from: chunk.start, line: chunk.line)
            rows.worker = worker
            if rows.fault != nil { firstFault.note(index) }
            results[index] = rows
        }
        return Array(UnsafeBufferPointer(start: results, count: chunks.count))
    }

    /// The first chunk with a fault.
    private final class FirstFault: Sendable {
        private let chunk = Atomic(Int.max)

        func note(_ index: Int) { chunk.min(index, ordering: .relaxed) }

        func isBefore(_ index: Int) -> Bool { chunk.load(ordering: .relaxed) < index }
    }
}
