/// Lines of comma-separated values, as bytes: columns added at their end, and taken off again.
struct TableLines {
    /// One byte.
    let separator: UInt8
    /// What stands where a line has no value.
    static let missing = "NA"

    init(separator: String) { self.separator = separator.utf8.first ?? 44 }

    /// The lines without their ends; one end within quotes is part of a cell.
    private func lines(_ bytes: [UInt8]) -> [ArraySlice<UInt8>] {
        var lines: [ArraySlice<UInt8>] = []
        var (start, isQuoted) = (0, false)
        for (index, byte) in bytes.enumerated() {
            if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
            guard byte == UInt8(ascii: "\n"), !isQuoted else { continue }
            lines.append(bytes[start..<index])
            start = index + 1
        }
        if start < bytes.count { lines.append(bytes[start...]) }
        return lines
    }

    /// The cells of the first line, without quotes; none where there is no line.
    func header(_ bytes: [UInt8]) -> [String] {
        guard let line = lines(bytes).first else { return [] }
        var (cells, cell, isQuoted, wasQuote) = ([[UInt8]](), [UInt8](), false, false)
        for byte in line where byte != UInt8(ascii: "\r") || isQuoted {
            if byte == UInt8(ascii: "\"") {
                // The second of two is one that is meant.
                if wasQuote, !isQuoted { cell.append(byte) }
                isQuoted.toggle()
                wasQuote = true
                continue
            }
            wasQuote = false
            if byte == separator, !isQuoted {
                cells.append(cell)
                cell = []
            } else {
                cell.append(byte)
            }
        }
        return (cells + [cell]).map { String(decoding: $0, as: UTF8.self) }
    }

    /// The lines with cells at the end of the first one, and as many without a value in the others.
    func widened(_ bytes: [UInt8], by cells: [String]) -> [UInt8] {
        let names = cells.flatMap { [separator] + Array($0.utf8) }
        let gaps = cells.flatMap { _ in [separator] + Self.missing.utf8 }
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count + names.count)
        for (index, line) in lines(bytes).enumerated() {
            // An empty line is none of the table's. Ends of another kind become those that the logger writes.
            let line = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
            result += line + (index == 0 ? names : line.isEmpty ? [] : gaps) + [UInt8(ascii: "\n")]
        }
        return result
    }

    /// The first `count` bytes of what `widened` made these lines of.
    /// - Parameter header: the first line then.
    /// - Returns: nil where the lines were not made so, or the bytes do not end with a line.
    func narrowed(_ bytes: [UInt8], header: String, to count: Int) -> [UInt8]? {
        let lines = lines(bytes)
        let before = Array(header.utf8)
        guard let first = lines.first, first.count > before.count, first.starts(with: before),
            first[first.startIndex + before.count] == separator
        else { return nil }
        // Names may be quoted; their number is what the other lines have more.
        let width = self.header(Array(first)).count - self.header(before).count
        let gaps = (0..<max(width, 0)).flatMap { _ in [separator] + Self.missing.utf8 }
        var result = before + [UInt8(ascii: "\n")]
        for line in lines.dropFirst() where result.count < count {
            guard line.isEmpty || line.suffix(gaps.count).elementsEqual(gaps) else { return nil }
            result += line.dropLast(line.isEmpty ? 0 : gaps.count) + [UInt8(ascii: "\n")]
        }
        return result.count == count ? result : nil
    }
}
