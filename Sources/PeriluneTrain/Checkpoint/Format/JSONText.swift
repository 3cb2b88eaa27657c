import PeriluneGraph

/// State as JSON text.
///
/// Numbers with a fraction or exponent are floats, others integers; both come back bit for bit. What JSON lacks is an
/// object with one name that begins with `$`: numbers that are not finite, bytes, tensors (by the name they have in the
/// file) and tables with other keys. Names that begin so get one more `$`.
///
/// Written by hand because Foundation's coder alone would double the size of the program and its time to start.
struct JSONText {
    private(set) var text = ""
    /// Takes a tensor, and the names of fields and the numbers of elements that lead to it; gives the name to write in
    /// its place.
    private let nameTensor: (Tensor, [String]) -> String
    private var path: [String] = []

    static func write(_ value: StateValue, nameTensor: @escaping (Tensor, [String]) -> String) -> String {
        var writer = JSONText(nameTensor: nameTensor)
        writer.append(value)
        return writer.text
    }

    /// A string with its quotes.
    static func quoted(_ string: String) -> String {
        var writer = JSONText { _, _ in "" }
        writer.append(string)
        return writer.text
    }

    private init(nameTensor: @escaping (Tensor, [String]) -> String) {
        self.nameTensor = nameTensor
    }

    private mutating func append(_ value: StateValue) {
        switch value {
        case .null: text += "null"
        case .boolean(let value): text += value ? "true" : "false"
        case .integer(let value): text += String(value)
        case .number(let value) where value.isFinite: text += "\(value)"
        case .number(let value): appendSpecial("number", .text(value.isNaN ? "nan" : value < 0 ? "-inf" : "inf"))
        case .text(let value): append(value)
        case .bytes(let value): appendSpecial("bytes", .text(value.map(Self.hexadecimal).joined()))
        case .tensor(let tensor): appendSpecial("tensor", .text(nameTensor(tensor, path)))
        case .list(let values): append(values)
        case .record(let fields): append(fields)
        case .pairs(let pairs): appendSpecial("pairs", .list(pairs.map { .list([$0.key, $0.value]) }))
        }
    }

    private mutating func appendSpecial(_ kind: String, _ value: StateValue) {
        text += "{\"$\(kind)\":"
        append(value)
        text += "}"
    }

    private mutating func append(_ values: [StateValue]) {
        text += "["
        for (index, value) in values.enumerated() {
            if index > 0 { text += "," }
            path.append(String(index + 1))
            append(value)
            path.removeLast()
        }
        text += "]"
    }

    /// In sorted order, so that one state is one text.
    private mutating func append(_ fields: [String: StateValue]) {
        text += "{"
        for (index, (name, value)) in fields.sorted(by: { $0.key < $1.key }).enumerated() {
            if index > 0 { text += "," }
            append(name.hasPrefix("$") ? "$" + name : name)
            text += ":"
            path.append(name)
            append(value)
            path.removeLast()
        }
        text += "}"
    }

    private mutating func append(_ string: String) {
        text += "\""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case _ where scalar.value < 0x20:
                text += "\\u00" + Self.hexadecimal(UInt8(scalar.value))
            case _: text.unicodeScalars.append(scalar)
            }
        }
        text += "\""
    }

    private static func hexadecimal(_ byte: UInt8) -> String {
        let digits = String(byte, radix: 16)
        return digits.count == 1 ? "0" + digits : digits
    }
}
