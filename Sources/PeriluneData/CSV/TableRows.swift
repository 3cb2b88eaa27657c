import PeriluneGraph

/// The rows of a table as they were parsed: numbers, NaN where there is none, and words as numbers of the table of the
/// thread that read them.
struct TableRows {
    let plan: TablePlan
    let text: TextBytes
    let syntax: CSVSyntax
    let file: String
    /// The first row of values.
    let start: CSVCursor
    private(set) var count = 0
    var storage: TableStorage
    /// For each thread, a table for each column of words, in the order of the plan's categories.
    let tables: [[WordTable]]
    /// Which thread read which rows, in the order of the rows.
    private(set) var parts: [(rows: Range<Int>, worker: Int)] = []
    /// Whether the tables may have words of rows that were not kept.
    private(set) var hasStrayWords = false

    /// - Parameters:
    ///   - start: the beginning of the first row of values.
    ///   - chunkSize: bytes a chunk, about.
    /// - Throws: `DataError` for the first row that cannot be read, and where there is none.
    init(
        _ plan: TablePlan, text: TextBytes, from start: CSVCursor, syntax: CSVSyntax, file: String, chunkSize: Int,
        request: MemoryRequest
    ) throws {
        (self.plan, self.text, self.syntax, self.file, self.start) = (plan, text, syntax, file, start)
        let threads = ParallelWork.threads(forBytes: text.end - start.position)
        let chunks = CSVChunks(
            from: start.position, to: text.end, line: start.line, width: plan.names.count, size: chunkSize,
            threads: threads)
        let noRows = DataError(.malformed, "the file has no rows", file: file)
        guard let last = chunks.chunks.last else { throw noRows }
        guard last.line <= Int(Int32.max) - last.capacity else {
            throw DataError(.malformed, "the file has more than \(Int32.max) lines", file: file)
        }
        try request(TableStorage.byteCount(plan, rows: chunks.capacity))
        storage = TableStorage(plan, rows: chunks.capacity)
        tables = (0..<threads).map { _ in plan.categories.map(\.emptyTable) }
        let tables = tables
        let parsed = storage.withPointers { pointers in
            let layout = RowLayout(plan, syntax, pointers, from: start, file: file)
            let parsers = tables.map { RowParser(layout, tables: $0) }
            return ChunkedParse(chunks: chunks.chunks, parsers: parsers).run(from: start)
        }
        guard let parsed else { throw noRows }
        if let fault = parsed.lazy.compactMap(\.fault).first { throw fault }
        for (chunk, rows) in zip(chunks.chunks, parsed) where rows.count > 0 {
            storage.move(chunk.place, rows.count, to: count)
            parts.append((count..<count + rows.count, rows.worker))
            count += rows.count
        }
        guard count > 0 else { throw noRows }
        storage.keep(count)
        hasStrayWords = parsed.contains(where: \.wasReadTwice) || plan.all.contains { $0.missing?.fill == .drop }
    }
}

extension ColumnPlan {
    /// A table for its words, before any is read.
    fileprivate var emptyTable: WordTable {
        switch words {
        case .fixed(let words, _): WordTable(vocabulary: words, missing: missing?.values ?? [])
        case .learnt, .none: WordTable(vocabulary: nil, missing: missing?.values ?? [])
        }
    }
}
