/// Which stored rows a view shows, and in which order. Views of views share one list, so none of them copies it.
enum RowSelection: Sendable {
    case range(Range<Int>)
    case list(ArraySlice<Int32>)

    var count: Int {
        switch self {
        case .range(let range): range.count
        case .list(let rows): rows.count
        }
    }

    /// The stored row at `position`, which is in `0..<count`.
    subscript(position: Int) -> Int {
        switch self {
        case .range(let range): range.lowerBound + position
        case .list(let rows): Int(rows[rows.startIndex + position])
        }
    }

    /// A part of this view; `positions` lies in `0..<count`.
    subscript(positions: Range<Int>) -> RowSelection {
        switch self {
        case .range(let range):
            .range(range.lowerBound + positions.lowerBound..<range.lowerBound + positions.upperBound)
        case .list(let rows):
            .list(rows[rows.startIndex + positions.lowerBound..<rows.startIndex + positions.upperBound])
        }
    }

    /// The stored rows in order.
    var rows: [Int32] {
        switch self {
        case .range(let range): range.map { Int32($0) }
        case .list(let rows): Array(rows)
        }
    }
}
