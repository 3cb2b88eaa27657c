extension Array where Element == Int32 {
    /// Puts the elements in random order (Fisher and Yates), by `stream` alone and without allocating.
    mutating func permute(by stream: PhiloxStream) {
        var stream = stream
        // Arrays of rows are checked to fit 32 bits when a data set is made.
        for last in stride(from: count - 1, to: 0, by: -1) {
            swapAt(last, Int(stream.next(below: UInt32(last + 1))))
        }
    }
}
