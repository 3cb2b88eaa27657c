extension CSVSyntax {
    /// The number in a cell of a text, however the table writes numbers.
    func number(in cell: CSVCursor.Cell) -> DecimalNumber.Reading {
        let cell = cell.trimmed
        guard !hasPlainNumbers else { return Self.number(cell.start, cell.count) }
        guard var plain = plain(cell) else { return .notANumber }
        let count = plain.count
        plain.append(CSVCursor.newline)
        return plain.withUnsafeBufferPointer { bytes in
            bytes.baseAddress.map { Self.number($0, count) } ?? .empty
        }
    }

    /// - Parameter start: one more byte may be read.
    private static func number(_ start: UnsafePointer<UInt8>, _ count: Int) -> DecimalNumber.Reading {
        var position = start
        if let value = DecimalNumber.scan(&position), position == start + count { return .value(value) }
        return DecimalNumber.read(UnsafeBufferPointer(start: start, count: count))
    }

    /// The same in double precision; nil where there is no finite number.
    func double(in cell: CSVCursor.Cell) -> Double? {
        let cell = cell.trimmed
        guard !hasPlainNumbers else {
            return DecimalNumber.double(UnsafeBufferPointer(start: cell.start, count: cell.count))
        }
        return plain(cell)?.withUnsafeBufferPointer { DecimalNumber.double($0) }
    }

    /// A cell with a point for the decimal and nothing between groups of three digits; nil where the groups are others.
    private func plain(_ cell: CSVCursor.Cell) -> [UInt8]? {
        var result: [UInt8] = []
        // Digits since the beginning or the last separator, while separators may come.
        var group: Int? = 0
        var hasSeparators = false
        for byte in UnsafeBufferPointer(start: cell.start, count: cell.count) {
            if byte == thousands {
                guard let digits = group, hasSeparators ? digits == 3 : (1...3).contains(digits) else { return nil }
                group = 0
                hasSeparators = true
                continue
            }
            let isDigit = byte &- UInt8(ascii: "0") < 10
            if !isDigit, byte != UInt8(ascii: "-"), byte != UInt8(ascii: "+"), let digits = group {
                guard !hasSeparators || digits == 3 else { return nil }
                group = nil
            }
            if isDigit { group = group.map { $0 + 1 } }
            if byte == decimal {
                result.append(UInt8(ascii: "."))
            } else if byte == UInt8(ascii: ".") {
                return nil
            } else {
                result.append(byte)
            }
        }
        return hasSeparators && group != nil && group != 3 ? nil : result
    }
}
