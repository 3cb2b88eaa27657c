package import PeriluneGraph

/// State as JSON text.
///
/// Numbers with a fraction or exponent are floats, others integers; both come back bit for bit. What JSON lacks is an
/// object with one name that begins with `$`: numbers that are not finite, bytes, tensors (by the name they have in the
/// file) and tables with other keys. Names that begin so get one more `$`.
///
/// Written by hand because Foundation's coder alone would double the size of the program and its time to start.
package struct JSONText {
    /// UTF-8: a state may be long, and is written in every checkpoint.
    private var bytes: [UInt8] = []
    /// Takes a tensor, and the names of fields and the numbers of elements that lead to it; gives the name to write in
    /// its place.
    private let nameTensor: (Tensor, [String]) -> String
    private var path: [String] = []

    package static func write(_ value: StateValue, nameTensor: @escaping (Tensor, [String]) -> String) -> String {
        var writer = JSONText(nameTensor: nameTensor)
        writer.append(value)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    /// A string with its quotes.
    package static func quoted(_ string: String) -> String {
        var writer = JSONText { _, _ in "" }
        writer.append(string)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    private init(nameTensor: @escaping (Tensor, [String]) -> String) {
        self.nameTensor = nameTensor
    }

    private mutating func append(_ value: StateValue) {
        switch value {
        case .null: write("null")
        case .boolean(let value): write(value ? "true" : "false")
        case .integer(let value): write(String(value))
        case .number(let value) where value.isFinite: write("\(value)")
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
        write("{\"$\(kind)\":")
        append(value)
        write("}")
    }

    private mutating func append(_ values: [StateValue]) {
        write("[")
        for (index, value) in values.enumerated() {
            if index > 0 { write(",") }
            append(value, at: String(index + 1))
        }
        write("]")
    }

    /// In sorted order, so that one state is one text.
    private mutating func append(_ fields: [String: StateValue]) {
        write("{")
        for (index, (name, value)) in fields.sorted(by: { $0.key < $1.key }).enumerated() {
            if index > 0 { write(",") }
            append(name.hasPrefix("$") ? "$" + name : name)
            write(":")
            append(value, at: name)
        }
        write("}")
    }

    private mutating func append(_ value: StateValue, at name: @autoclosure () -> String) {
        switch value {
        case .null, .boolean, .integer, .number, .text, .bytes: append(value)
        case .tensor, .list, .record, .pairs:
            path.append(name())
            append(value)
            path.removeLast()
        }
    }

    private mutating func write(_ text: String) { bytes += text.utf8 }

    private mutating func append(_ string: String) {
        write("\"")
        for byte in string.utf8 {
            switch byte {
            case UInt8(ascii: "\""): write("\\\"")
            case UInt8(ascii: "\\"): write("\\\\")
            case UInt8(ascii: "\n"): write("\\n")
            case ..<0x20: write("\\u00" + Self.hexadecimal(byte))
            case _: bytes.append(byte)
            }
        }
        write("\"")
    }

    private static func hexadecimal(_ byte: UInt8) -> String {
        let digits = String(byte, radix: 16)
        return digits.count == 1 ? "0" + digits : digits
    }
}
