/// Reads JSON, from any source: what is wrong is an error, never a trap, and nesting has a limit.
struct JSONReader {
    /// What is wrong, and at which byte.
    struct Fault: Error, CustomStringConvertible {
        let message: String
        let position: Int
        var description: String { "\(message) at byte \(position)" }
    }

    private static let deepest = 200
    let bytes: ArraySlice<UInt8>
    var position: Int
    /// Gives the tensor of a name, nil where there is none.
    private let tensor: (String) -> StateValue?

    /// The value that `bytes` hold, all of them.
    static func read(
        _ bytes: ArraySlice<UInt8>, tensor: @escaping (String) -> StateValue? = { _ in nil }
    ) throws(Fault) -> StateValue {
        var reader = JSONReader(bytes: bytes, position: bytes.startIndex, tensor: tensor)
        let value = try reader.value(depth: 0)
        reader.skipBlanks()
        guard reader.position == bytes.endIndex else { throw reader.fault("there is more after the value") }
        return value
    }

    private init(bytes: ArraySlice<UInt8>, position: Int, tensor: @escaping (String) -> StateValue?) {
        self.bytes = bytes
        self.position = position
        self.tensor = tensor
    }

    func fault(_ message: String) -> Fault { Fault(message: message, position: position - bytes.startIndex) }

    var byte: UInt8 { position < bytes.endIndex ? bytes[position] : 0 }

    private mutating func skipBlanks() {
        while [0x20, 0x09, 0x0A, 0x0D].contains(byte) { position += 1 }
    }

    /// Steps over `word` where it comes next.
    mutating func take(_ word: StaticString) -> Bool {
        let count = word.utf8CodeUnitCount
        guard bytes.endIndex - position >= count else { return false }
        let matches = word.withUTF8Buffer { bytes[position..<position + count].elementsEqual($0) }
        if matches { position += count }
        return matches
    }

    private mutating func value(depth: Int) throws(Fault) -> StateValue {
        guard depth < Self.deepest else { throw fault("nested too deeply") }
        skipBlanks()
        switch byte {
        case UInt8(ascii: "{"): return try object(depth)
        case UInt8(ascii: "["): return .list(try array(depth))
        case UInt8(ascii: "\""): return .text(try string())
        case UInt8(ascii: "t") where take("true"): return .boolean(true)
        case UInt8(ascii: "f") where take("false"): return .boolean(false)
        case UInt8(ascii: "n") where take("null"): return .null
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
        case _: throw fault("a value expected")
        }
    }

    private mutating func array(_ depth: Int) throws(Fault) -> [StateValue] {
        position += 1
        var values: [StateValue] = []
        skipBlanks()
        if take("]") { return values }
        while true {
            values.append(try value(depth: depth + 1))
            skipBlanks()
            if take("]") { return values }
            guard take(",") else { throw fault("',' or ']' expected") }
        }
    }

    private mutating func object(_ depth: Int) throws(Fault) -> StateValue {
        position += 1
        var fields: [String: StateValue] = [:]
        skipBlanks()
        if take("}") { return .record(fields) }
        while true {
            skipBlanks()
            guard byte == UInt8(ascii: "\"") else { throw fault("a name expected") }
            let name = try string()
            skipBlanks()
            guard take(":") else { throw fault("':' expected") }
            let value = try value(depth: depth + 1)
            guard fields.updateValue(value, forKey: name) == nil else { throw fault("'\(name)' is there twice") }
            skipBlanks()
            if take("}") { break }
            guard take(",") else { throw fault("',' or '}' expected") }
        }
        if fields.count == 1, let (name, value) = fields.first, name.hasPrefix("$"), !name.hasPrefix("$$") {
            return try special(name, value)
        }
        var plain: [String: StateValue] = [:]
        for (name, value) in fields {
            let name = name.hasPrefix("$") ? String(name.dropFirst()) : name
            guard plain.updateValue(value, forKey: name) == nil else { throw fault("'\(name)' is there twice") }
        }
        return .record(plain)
    }

    private func special(_ name: String, _ value: StateValue) throws(Fault) -> StateValue {
        switch (name, value) {
        case ("$number", "nan"): return .number(.nan)
        case ("$number", "inf"): return .number(.infinity)
        case ("$number", "-inf"): return .number(-.infinity)
        case ("$bytes", .text(let digits)):
            let digits = Array(digits.utf8)
            let bytes = stride(from: 0, to: digits.count - 1, by: 2).map { index in
                UInt8(String(decoding: digits[index...index + 1], as: UTF8.self), radix: 16)
            }
            guard digits.count % 2 == 0, !bytes.contains(nil) else { throw fault("bytes in hexadecimal expected") }
            return .bytes(bytes.compactMap(\.self))
        case ("$tensor", .text(let name)):
            guard let tensor = tensor(name) else { throw fault("there is no tensor '\(name)'") }
            return tensor
        case ("$pairs", .list(let entries)):
            var pairs: [StateValue.Pair] = []
            for entry in entries {
                guard let pair = entry.list, pair.count == 2 else { throw fault("a key and a value expected") }
                pairs.append(StateValue.Pair(pair[0], pair[1]))
            }
            return .pairs(pairs)
        case _: throw fault("'\(name)' means nothing here")
        }
    }

    private mutating func number() throws(Fault) -> StateValue {
        let start = position
        var isWhole = true
        while position < bytes.endIndex {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"): break
            case UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"), UInt8(ascii: "+"): isWhole = false
            case _: return try number(start, isWhole)
            }
            position += 1
        }
        return try number(start, isWhole)
    }

    private func number(_ start: Int, _ isWhole: Bool) throws(Fault) -> StateValue {
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        if isWhole, let value = Int(text) { return .integer(value) }
        guard let value = Double(text), value.isFinite else { throw fault("'\(text)' is no number") }
        return .number(value)
    }
}
