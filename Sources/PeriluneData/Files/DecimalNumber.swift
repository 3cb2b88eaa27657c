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

    /// Reads the number that begins at `position`, and goes behind it; nil, with `position` as it was, where that needs
    /// a closer look. A byte that is no part of a number must stand behind it.
    ///
    /// A product of two doubles, each rounded, is off by a few of its last bits. Rounding it to a float gives what
    /// rounding the decimal number would, unless it lies that near to the middle between two floats.
    @inline(__always)
    static func scan(_ position: inout UnsafePointer<UInt8>) -> Float? {
        var next = position
        let isNegative = next[0] == UInt8(ascii: "-")
        if isNegative || next[0] == UInt8(ascii: "+") { next += 1 }
        var mantissa: UInt64 = 0
        let whole = next
        digits(&next, &mantissa)
        var count = next - whole
        var exponent = 0
        if next[0] == UInt8(ascii: ".") {
            next += 1
            let fraction = next
            digits(&next, &mantissa)
            exponent = fraction - next
            count -= exponent
        }
        // More than 19 digits do not fit the mantissa.
        guard count > 0, count <= 19 else { return nil }
        if next[0] | 0x20 == UInt8(ascii: "e") {
            guard let written = writtenExponent(&next) else { return nil }
            exponent += written
        }
        guard let value = rounded(mantissa, exponent) else { return nil }
        position = next
        return isNegative ? -value : value
    }

    @inline(__always)
    private static func digits(_ next: inout UnsafePointer<UInt8>, _ mantissa: inout UInt64) {
        while true {
            let digit = next[0] &- UInt8(ascii: "0")
            guard digit < 10 else { return }
            mantissa = mantissa &* 10 &+ UInt64(digit)
            next += 1
        }
    }

    /// `e-3` and the like, of at most three digits; nil for anything else.
    @inline(__always)
    private static func writtenExponent(_ next: inout UnsafePointer<UInt8>) -> Int? {
        next += 1
        let isNegative = next[0] == UInt8(ascii: "-")
        if isNegative || next[0] == UInt8(ascii: "+") { next += 1 }
        var value: UInt64 = 0
        let start = next
        digits(&next, &value)
        guard next > start, next - start <= 3 else { return nil }
        return isNegative ? -Int(value) : Int(value)
    }

    /// `mantissa` · 10^`exponent` rounded to the nearest float; nil where it lies too near to the middle between two,
    /// or is very large or small.
    @inline(__always)
    private static func rounded(_ mantissa: UInt64, _ exponent: Int) -> Float? {
        if exponent == 0, mantissa <= 1 << 53 { return Float(Int64(mantissa)) }
        if mantissa == 0 { return 0 }
        guard exponent >= -largestPower, exponent <= largestPower else { return nil }
        let double = Double(mantissa) * powers[exponent + largestPower]
        let distance = Int(double.bitPattern & 0x1FFF_FFFF) - 0x1000_0000
        return distance.magnitude <= 16 || double < 1e-37 || double > 1e38 ? nil : Float(double)
    }

    private static let largestPower = 22
    /// 10^-22 to 10^22, each to the nearest double. Literals, which need no initialization when they are asked for.
    private static let powers: [Double] = [
        1e-22, 1e-21, 1e-20, 1e-19, 1e-18, 1e-17, 1e-16, 1e-15, 1e-14, 1e-13, 1e-12, 1e-11, 1e-10, 1e-9, 1e-8, 1e-7,
        1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13,
        1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
    ]

    /// The number in a cell, white space around it aside, rounded to the nearest float32.
    static func read(_ cell: UnsafeBufferPointer<UInt8>) -> Reading {
        guard let text = text(cell) else { return trimmed(cell).isEmpty ? .empty : nonNumber(cell) }
        guard let value = Float(text) else { return .notANumber }
        return value.isFinite ? .value(value) : .notFinite
    }

    /// The same in double precision; nil where there is no finite number.
    static func double(_ cell: UnsafeBufferPointer<UInt8>) -> Double? {
        text(cell).flatMap(Double.init).flatMap { $0.isFinite ? $0 : nil }
    }

    private static func nonNumber(_ cell: UnsafeBufferPointer<UInt8>) -> Reading {
        var word = trimmed(cell)
        if let first = word.first, first == UInt8(ascii: "-") || first == UInt8(ascii: "+") { word = word.dropFirst() }
        let isNonFinite = ["nan", "inf", "infinity"].contains(String(decoding: word, as: UTF8.self).lowercased())
        return isNonFinite ? .notFinite : .notANumber
    }

    /// The cell without white space around it, with digits on both sides of a point; nil where it is not in decimal
    /// notation.
    private static func text(_ cell: UnsafeBufferPointer<UInt8>) -> String? {
        let bytes = trimmed(cell)
        var position = bytes.startIndex
        func skipDigits() -> Int {
            let start = position
            while position < bytes.endIndex, bytes[position] &- UInt8(ascii: "0") < 10 { position += 1 }
            return position - start
        }
        func skip(_ wanted: String) -> Bool {
            guard position < bytes.endIndex, wanted.utf8.contains(bytes[position]) else { return false }
            position += 1
            return true
        }
        func taken(from start: Int) -> String { String(decoding: bytes[start..<position], as: UTF8.self) }
        _ = skip("+-")
        let sign = taken(from: bytes.startIndex)
        let wholeStart = position
        var digits = skipDigits()
        var number = sign + "0" + taken(from: wholeStart)
        if skip(".") {
            let fractionStart = position
            digits += skipDigits()
            number += "." + taken(from: fractionStart) + "0"
        }
        guard digits > 0 else { return nil }
        let exponentStart = position
        if skip("eE") {
            _ = skip("+-")
            guard skipDigits() > 0 else { return nil }
        }
        return position == bytes.endIndex ? number + taken(from: exponentStart) : nil
    }

    private static func trimmed(_ cell: UnsafeBufferPointer<UInt8>) -> Slice<UnsafeBufferPointer<UInt8>> {
        var bytes = cell[...]
        while let first = bytes.first, CSVCursor.isBlank(first) { bytes = bytes.dropFirst() }
        while let last = bytes.last, CSVCursor.isBlank(last) { bytes = bytes.dropLast() }
        return bytes
    }
}
