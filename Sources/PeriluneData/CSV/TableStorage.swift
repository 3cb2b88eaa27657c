/// The values of a table's rows, row by row: the features, the numeric targets, the numbers of the targets of words,
/// and the line of each row.
struct TableStorage {
    /// NaN where there is no value; columns of words hold the bits of the word's number, `WordTable.missing` where
    /// there is none.
    var features: [Float]
    var targets: [Float]
    var labels: [Int32]
    var lines: [Int32]
    let featureCount: Int
    let targetCount: Int
    let labelCount: Int

    init(_ plan: TablePlan, rows: Int) {
        (featureCount, targetCount) = (plan.features.count, plan.numericTargets.count)
        labelCount = plan.categoryTargets.count
        features = [Float](repeating: 0, count: rows * featureCount)
        targets = [Float](repeating: 0, count: rows * targetCount)
        labels = [Int32](repeating: 0, count: rows * labelCount)
        lines = [Int32](repeating: 0, count: rows)
    }

    /// What a storage for so many rows takes; saturates at `Int.max`.
    static func byteCount(_ plan: TablePlan, rows: Int) -> Int {
        let (bytes, overflows) = (plan.all.count + 1).multipliedReportingOverflow(by: 4 * rows)
        return overflows ? .max : bytes
    }

    /// Where the parts are; nil for one without elements.
    struct Pointers {
        let features: UnsafeMutablePointer<UInt32>?
        let targets: UnsafeMutablePointer<UInt32>?
        let labels: UnsafeMutablePointer<UInt32>?
        let lines: UnsafeMutablePointer<Int32>
    }

    /// Calls `body` with pointers that are valid while it runs.
    mutating func withPointers<Result>(_ body: (Pointers) -> Result?) -> Result? {
        features.withUnsafeMutableBufferPointer { features in
            targets.withUnsafeMutableBufferPointer { targets in
                labels.withUnsafeMutableBufferPointer { labels in
                    lines.withUnsafeMutableBufferPointer { lines in
                        guard let first = lines.baseAddress else { return nil }
                        return body(
                            Pointers(features: features.raw, targets: targets.raw, labels: labels.raw, lines: first))
                    }
                }
            }
        }
    }

    /// Puts rows in another place, before theirs.
    mutating func move(_ first: Int, _ count: Int, to place: Int) {
        guard first != place else { return }
        features.move(first, count, to: place, width: featureCount)
        targets.move(first, count, to: place, width: targetCount)
        labels.move(first, count, to: place, width: labelCount)
        lines.move(first, count, to: place, width: 1)
    }

    mutating func keep(_ rows: Int) {
        features.removeLast(features.count - rows * featureCount)
        targets.removeLast(targets.count - rows * targetCount)
        labels.removeLast(labels.count - rows * labelCount)
        lines.removeLast(lines.count - rows)
    }
}

extension UnsafeMutableBufferPointer {
    /// The elements, of four bytes each, as bit patterns.
    fileprivate var raw: UnsafeMutablePointer<UInt32>? {
        baseAddress.map { UnsafeMutableRawPointer($0).assumingMemoryBound(to: UInt32.self) }
    }
}

extension Array {
    fileprivate mutating func move(_ first: Int, _ count: Int, to place: Int, width: Int) {
        guard width > 0 else { return }
        withUnsafeMutableBufferPointer { elements in
            guard let base = elements.baseAddress else { return }
            (base + place * width).update(from: base + first * width, count: count * width)
        }
    }
}
