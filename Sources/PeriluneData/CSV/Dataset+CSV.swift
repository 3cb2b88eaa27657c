extension Dataset {
    /// Reads a table of numbers and words from a CSV file (RFC 4180, gzipped or not).
    ///
    /// The features make one input, [features], float32. Numbers are in decimal notation. Columns of words become class
    /// numbers; `table` keeps which, and what filled gaps, for other files to be read alike (`CSVOptions.like`). Large
    /// files are read on all processors.
    ///
    /// - Throws: `DataError` where the file cannot be read, has no rows or a ragged one, where a cell is empty, not a
    ///   number or not finite and no option says what stands for it, where a word is in no vocabulary that was given or
    ///   is not in the encoding (with line and column), or where the options cannot be; what `request` throws.
    ///
    /// - Parameter request: asked before memory is taken, in proportion to the file and what it holds.
    public static func csv(
        _ path: String, options: CSVOptions = CSVOptions(), request: MemoryRequest = { _ in }
    ) throws -> Dataset {
        try options.format.check()
        let text = try TextBytes(file: path, encoding: options.format.encoding, request: request)
        let reader = TableReader(text: text, options: options, file: path)
        return try withExtendedLifetime(text) { try reader.read(request: request) }
    }
}
