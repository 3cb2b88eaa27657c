internal import Glibc
internal import PeriluneLuaRuntime

/// Numbers for people who look, and do not compute.
enum ShortNumber {
    /// Four significant digits, as short as they can be: `0.9731`, `12.5`, `1e-05`.
    static func text(_ number: Double, digits: Int32 = 4) -> String {
        if number.isNaN { return "nan" }
        if number.isInfinite { return number < 0 ? "-inf" : "inf" }
        var buffer = [CChar](repeating: 0, count: 64)
        unsafe withVaList([digits, number]) { _ = unsafe vsnprintf(&buffer, buffer.count, "%.*g", $0) }
        return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// As Lua's `tostring` has it.
    static func lua(_ number: Double) -> String {
        let text = text(number, digits: 14)
        // A float that looks like an integer says that it is none.
        let looksIntegral = text.utf8.allSatisfy { $0 == UInt8(ascii: "-") || (48...57).contains($0) }
        return looksIntegral ? text + ".0" : text
    }

    /// `12,345`
    static func grouped(_ number: Int) -> String {
        var text = ""
        let digits = String(number.magnitude)
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index).isMultiple(of: 3) { text += "," }
            text.append(digit)
        }
        return (number < 0 ? "-" : "") + text
    }
}
