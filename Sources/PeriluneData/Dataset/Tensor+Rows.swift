package import PeriluneGraph

extension Tensor {
    /// The rows (entries along the first axis) of `selection`; the whole tensor is returned as it is, not copied.
    func gathering(_ selection: RowSelection) -> Tensor {
        if case .range(0..<shape[0]) = selection { return self }
        let rowShape = shape.dropFirst()
        let width = rowShape.elementCount
        func gather<Element>(_ values: [Element]) -> [Element] {
            if case .range(let range) = selection {
                return Array(values[range.lowerBound * width..<range.upperBound * width])
            }
            var result: [Element] = []
            result.reserveCapacity(selection.count * width)
            for position in 0..<selection.count {
                let start = selection[position] * width
                result.append(contentsOf: values[start..<start + width])
            }
            return result
        }
        let gathered = rowShape.prepending(selection.count)
        return switch elements {
        case .float32(let values): Tensor(gather(values), shape: gathered)
        case .int32(let values): Tensor(gather(values), shape: gathered)
        }
    }

    /// The flat index of the first element that is NaN or infinite.
    var firstNonFinite: Int? {
        guard case .float32(let values) = elements else { return nil }
        // A pass that only counts vectorises; the search runs where there is something to find.
        var found: UInt32 = 0
        for value in values {
            found |= (value.bitPattern & 0x7F80_0000 == 0x7F80_0000) ? 1 : 0
        }
        return found == 0 ? nil : values.firstIndex { !$0.isFinite }
    }

    /// The bytes of the elements, in memory order.
    package func withUnsafeElementBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        switch elements {
        case .float32(let values): try values.withUnsafeBytes(body)
        case .int32(let values): try values.withUnsafeBytes(body)
        }
    }
}
