internal import PeriluneLuaRuntime

/// Strings as Lua writes them.
enum LuaQuoted {
    /// The text in double quotes, with what cannot be seen written as escapes, and cut after `limit` characters.
    static func text(_ text: String, limit: Int, ellipsis: String) -> String {
        var shown = "\""
        var count = 0
        for scalar in text.unicodeScalars {
            if count == limit {
                return shown + "\"\(ellipsis) (\(ShortNumber.grouped(text.utf8.count)) bytes)"
            }
            shown += escaped(scalar)
            count += 1
        }
        return shown + "\""
    }

    /// Bytes that are no UTF-8: what is ASCII as it is, the rest as numbers.
    static func text(_ bytes: [UInt8], limit: Int, ellipsis: String) -> String {
        let shown = bytes.prefix(limit).map { byte in
            byte < 0x80 ? escaped(Unicode.Scalar(byte)) : "\\x" + hexadecimal(UInt32(byte), digits: 2)
        }
        let rest = bytes.count > limit ? "\(ellipsis) (\(ShortNumber.grouped(bytes.count)) bytes)" : ""
        return "\"" + shown.joined() + "\"" + rest
    }

    private static func escaped(_ scalar: Unicode.Scalar) -> String {
        switch scalar {
        case "\"": return "\\\""
        case "\\": return "\\\\"
        case "\n": return "\\n"
        case "\t": return "\\t"
        case "\r": return "\\r"
        default: break
        }
        switch scalar.properties.generalCategory {
        case .control where scalar.value < 0x80: return "\\x" + hexadecimal(scalar.value, digits: 2)
        // Direction marks and their like would change how the rest is shown.
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate:
            return "\\u{" + hexadecimal(scalar.value, digits: 1) + "}"
        default: return String(scalar)
        }
    }

    private static func hexadecimal(_ value: UInt32, digits: Int) -> String {
        let text = String(value, radix: 16, uppercase: true)
        return String(repeating: "0", count: max(0, digits - text.count)) + text
    }

    /// Whether a table constructor may write the key as a name.
    static func isName(_ text: String) -> Bool {
        guard let first = text.utf8.first, first == UInt8(ascii: "_") || isLetter(first) else { return false }
        return text.utf8.allSatisfy { $0 == UInt8(ascii: "_") || isLetter($0) || (48...57).contains($0) }
            && !LuaToken.keywords.contains(text)
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (97...122).contains(byte | 0x20) }
}
