// Strings and their escapes.
extension JSONReader {
    mutating func string() throws(Fault) -> String {
        position += 1
        var units: [UInt8] = []
        while true {
            guard position < bytes.endIndex else { throw fault("the string does not end") }
            let unit = bytes[position]
            position += 1
            switch unit {
            case UInt8(ascii: "\""):
                guard let text = String(validating: units, as: UTF8.self) else { throw fault("the text is not UTF-8") }
                return text
            case UInt8(ascii: "\\"): units += try escape()
            case 0..<0x20: throw fault("a control character in a string")
            case _: units.append(unit)
            }
        }
    }

    private mutating func escape() throws(Fault) -> [UInt8] {
        let unit = byte
        position += 1
        switch unit {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [unit]
        case UInt8(ascii: "b"): return [8]
        case UInt8(ascii: "f"): return [12]
        case UInt8(ascii: "n"): return [10]
        case UInt8(ascii: "r"): return [13]
        case UInt8(ascii: "t"): return [9]
        case UInt8(ascii: "u"): return Array(try character().utf8)
        case _: throw fault("an unknown escape")
        }
    }

    private mutating func character() throws(Fault) -> String {
        var units = [try codeUnit()]
        if UTF16.isLeadSurrogate(units[0]), take("\\u") { units.append(try codeUnit()) }
        guard let text = String(validating: units, as: UTF16.self) else { throw fault("half a character") }
        return text
    }

    private mutating func codeUnit() throws(Fault) -> UInt16 {
        guard bytes.endIndex - position >= 4 else { throw fault("the string does not end") }
        let digits = bytes[position..<position + 4]
        // A sign would be read as part of the number.
        guard digits.allSatisfy({ $0 != UInt8(ascii: "+") && $0 != UInt8(ascii: "-") }),
            let unit = UInt16(String(decoding: digits, as: UTF8.self), radix: 16)
        else { throw fault("four hexadecimal digits expected") }
        position += 4
        return unit
    }
}
