/// The columns of numbers that float32 cannot tell apart, such as seconds since 1970, in double precision: what shifts
/// and scales them (`normalized`) starts from these.
struct PreciseColumns {
    /// By the place among the features.
    private(set) var columns: [Int: [Double]] = [:]

    /// Steps that float32 must have over the range of a column to do.
    private static let steps: Float = 65_536

    /// - Parameters:
    ///   - features: as float32, gaps filled.
    ///   - fillings: what filled gaps, by the column's index.
    init(_ rows: TableRows, _ features: [Float], fillings: [Int: MissingValues]) {
        let width = rows.plan.features.count
        var wanted: [Int: Int] = [:]
        for (offset, column) in rows.plan.features.enumerated() where !column.isCategory {
            if Self.isCoarse(features, offset: offset, width: width) { wanted[column.index] = offset }
        }
        guard !wanted.isEmpty else { return }
        var found = wanted.mapValues { _ in [Double]() }
        read(rows, Set(wanted.keys)) { index, number in
            var value = number
            if value == nil, case .number(let filling)? = fillings[index]?.fill { value = filling }
            found[index]?.append(value ?? 0)
        }
        for (index, offset) in wanted {
            guard let values = found[index], values.count == rows.count,
                values.contains(where: { Double(Float($0)) != $0 })
            else { continue }
            columns[offset] = values
        }
    }

    private static func isCoarse(_ features: [Float], offset: Int, width: Int) -> Bool {
        var (low, high) = (Float.infinity, -Float.infinity)
        features.withUnsafeBufferPointer { features in
            var place = offset
            while place < features.count {
                low = min(low, features[place])
                high = max(high, features[place])
                place += width
            }
        }
        // Small whole numbers in a column that never changes are not worth another look at the file.
        if low == high, low.rounded() == low, low.magnitude < 16_777_216 { return false }
        return max(low.magnitude, high.magnitude).ulp > (high - low) / steps
    }

    /// Reads some columns once more, in the rows that were kept.
    private func read(_ rows: TableRows, _ wanted: Set<Int>, _ take: (_ column: Int, _ number: Double?) -> Void) {
        var cursor = rows.start
        var row = 0
        let isWanted = rows.plan.names.indices.map(wanted.contains)
        let lines = rows.storage.lines
        while row < rows.count, cursor.beginRow(until: cursor.end) {
            let isKept = cursor.line == Int(lines[row])
            var column = 0
            repeat {
                guard let cell = try? cursor.cell() else { return }
                if isKept, column < isWanted.count, isWanted[column] { take(column, rows.syntax.double(in: cell)) }
                column += 1
            } while cursor.nextCell()
            if isKept { row += 1 }
        }
    }
}
