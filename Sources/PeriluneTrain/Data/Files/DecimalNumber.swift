/// Reads decimal numbers from bytes: exact like the standard library's parser, without making a string of each cell.
enum DecimalNumber {
    enum Reading: Equatable {
        case value(Float)
        /// Nothing but white space.
        case empty
        /// Not in decimal notation: sign, digits, a point, an exponent.
        case notANumber
        /// `nan`, `inf`, or more than float32 can hold.
        case notFinite
    }

    /// The number in `bytes[range]`, white space around it aside, rounded to the nearest float32.
    static func read(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Reading {
        var (start, end) = (range.lowerBound, range.upperBound)
        while start < end, isSpace(bytes[start]) { start += 1 }
        while end > start, isSpace(bytes[end - 1]) { end -= 1 }
        if start == end { return .empty }

        var position = start
        let isNegative = bytes[position] == UInt8(ascii: "-")
        if isNegative || bytes[position] == UInt8(ascii: "+") { position += 1 }
        var mantissa: UInt64 = 0
        var (digits, significant, exponent) = (0, 0, 0)
        var pointSeen = false
        while position < end {
            let byte = bytes[position]
            if byte == UInt8(ascii: "."), !pointSeen {
                pointSeen = true
            } else if let digit = digitValue(byte) {
                digits += 1
                if significant > 0 || digit > 0 { significant += 1 }
                // Beyond 19 digits the value comes from the slow path; the mantissa must only not overflow.
                if significant <= 19 { mantissa = mantissa * 10 + digit }
                if pointSeen { exponent -= 1 }
            } else {
                break
            }
            position += 1
        }
        if digits == 0 { return isNonFiniteWord(bytes, position..<end) ? .notFinite : .notANumber }
        if position < end {
            guard let written = writtenExponent(bytes, position..<end) else { return .notANumber }
            exponent += written
        }
        if let exact = exact(mantissa, exponent, significant) { return .value(isNegative ? -exact : exact) }
        guard let value = Float(String(decoding: bytes[start..<end], as: UTF8.self)) else { return .notANumber }
        return value.isFinite ? .value(value) : .notFinite
    }

    /// The value where one double-precision operation gives it exactly enough (Clinger's fast path), otherwise nil.
    private static func exact(_ mantissa: UInt64, _ exponent: Int, _ significant: Int) -> Float? {
        if significant == 0 { return 0 }
        // Pixels and counts: a small whole number is a float as it is.
        if exponent == 0, mantissa <= 1 << 24, significant <= 8 { return Float(mantissa) }
        guard significant <= 19, mantissa <= 1 << 53, abs(exponent) <= 22 else { return nil }
        let power = powers[abs(exponent)]
        let double = exponent < 0 ? Double(mantissa) / power : Double(mantissa) * power
        // The double is correctly rounded. Rounding it again is right unless it lies half-way between two floats.
        let isHalfWay = double.bitPattern & 0x1FFF_FFFF == 0x1000_0000
        return isHalfWay || double < 1e-37 || double > 1e38 ? nil : Float(double)
    }

    private static let powers: [Double] = (0...22).map { (0..<$0).reduce(1.0) { power, _ in power * 10 } }

    /// `e-3` and the like; nil where it is not an exponent. Clamped, as anything so large is 0 or infinite anyway.
    private static func writtenExponent(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Int? {
        var position = range.lowerBound
        guard bytes[position] | 0x20 == UInt8(ascii: "e") else { return nil }
        position += 1
        guard position < range.upperBound else { return nil }
        let isNegative = bytes[position] == UInt8(ascii: "-")
        if isNegative || bytes[position] == UInt8(ascii: "+") { position += 1 }
        guard position < range.upperBound else { return nil }
        var value = 0
        while position < range.upperBound {
            guard let digit = digitValue(bytes[position]) else { return nil }
            value = min(value * 10 + Int(digit), 100_000)
            position += 1
        }
        return isNegative ? -value : value
    }

    private static func isNonFiniteWord(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Bool {
        ["nan", "inf", "infinity"].contains(String(decoding: bytes[range], as: UTF8.self).lowercased())
    }

    @inline(__always)
    private static func digitValue(_ byte: UInt8) -> UInt64? {
        let value = byte &- UInt8(ascii: "0")
        return value < 10 ? UInt64(value) : nil
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
}
